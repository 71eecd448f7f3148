namespace Ticketing.Auth;

/// <summary>
/// Who operates the shop: <c>Auth:Operators</c>, e-mail addresses separated by spaces. A change takes effect at the
/// next sign-in or renewal of a token.
/// </summary>
/// <remarks>
/// Sign-up does not verify that an address belongs to the person. Therefore nobody may sign up with a listed address:
/// operators sign up first and are listed afterwards. In Development the order does not matter.
/// </remarks>
public sealed class Operators(IConfiguration configuration, IHostEnvironment host)
{
    readonly HashSet<string> addresses =
    [
        .. (configuration["Auth:Operators"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => (EmailAddress.TryParse(text)
                ?? throw new InvalidOperationException($"Auth:Operators: {text} is no e-mail address.")).Normalized),
    ];

    public bool Include(string email) => EmailAddress.TryParse(email) is { } address && Include(address);

    public bool MaySignUp(EmailAddress email) => host.IsDevelopment() || !Include(email);

    bool Include(EmailAddress email) => addresses.Contains(email.Normalized);
}
