namespace Ticketing.Auth;

/// <summary>
/// Who operates the shop: <c>Auth:Operators</c>, e-mail addresses apart by spaces. The role is in their tokens from the
/// next sign-in or renewal on, and gone from them likewise.
/// </summary>
/// <remarks>
/// Nothing proves that an address is whose it says, so a listed one looks taken to whoever would sign up with it:
/// operators sign up first and are listed then. On a developer's machine the order does not matter.
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
