using System.Text;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>
/// The body of a sign-up or sign-in. ToString leaves the values out, so that no log holds a password.
/// </summary>
public sealed record Credentials(string? Email, string? Password)
{
    public const int PasswordMin = 8, PasswordMax = 128;

    public override string ToString() => nameof(Credentials);

    public Dictionary<string, string[]> MistakesForSignUp() => Mistakes(MistakeInNew(Password, Email));

    public Dictionary<string, string[]> MistakesForSignIn() => Mistakes(MistakeInKnown(Password));

    /// <summary>A new password: any characters, of a minimum length, and not a common password.</summary>
    public static string? MistakeInNew(string? password, string? email) => Characters(password) switch
    {
        < PasswordMin => $"At least {PasswordMin} characters.",
        > PasswordMax and var length => $"At most {PasswordMax} characters: yours has {length}.",
        _ => CommonPasswords.Mistake(password!, email),
    };

    /// <summary>
    /// An existing password: a short one is not refused here, it is just wrong like any other wrong password.
    /// </summary>
    public static string? MistakeInKnown(string? password) => Characters(password) switch
    {
        0 => "Type your password.",
        > PasswordMax and var length => $"At most {PasswordMax} characters: yours has {length}.",
        _ => null,
    };

    Dictionary<string, string[]> Mistakes(string? inPassword)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (EmailAddress.TryParse(Email) is null)
            mistakes["email"] = ["An e-mail address, such as ada@example.com."];
        if (inPassword is not null)
            mistakes["password"] = [inPassword];
        return mistakes;
    }

    // Two keyboards may write the same character as different code points: é is one or two of them.
    public static string Normalize(string password) => Normalize(password, NormalizationForm.FormC);

    /// <summary>A text without a normal form (U+FFFE, an unpaired surrogate) is returned unchanged.</summary>
    internal static string Normalize(string text, NormalizationForm form)
    {
        try
        {
            return text.Normalize(form);
        }
        catch (ArgumentException)
        {
            return text;
        }
    }

    static int Characters(string? password) => password is null ? 0 : Normalize(password).EnumerateRunes().Count();
}

/// <summary>The person who signed in, as the API shows them.</summary>
public sealed record Person(UserId Id, string Email)
{
    public static Person Of(User user) => new(user.Id, user.Email);
}
