using System.Collections.Frozen;
using System.Text;

namespace Ticketing.Auth;

/// <summary>
/// Passwords that an attacker tries first (ASVS 5.0, 6.2.4 and 6.2.11): the most frequent ones of known leaks, and
/// those made of the e-mail address or the shop's name. The whole password is compared; strength is not estimated.
/// </summary>
static class CommonPasswords
{
    const string Resource = "zxcvbn-core.Dictionaries.passwords.lst";
    /// <summary>Shorter words are ignored: they are part of too many good passwords.</summary>
    const int WordMin = 4;
    static readonly string[] shopWords = ["ticketing", "tickets", "ticket"];

    // About 12,000 of the 30,000 have the minimum length. Read at the first sign-up.
    static readonly Lazy<FrozenSet<string>> frequent = new(() =>
    {
        var assembly = typeof(Zxcvbn.Zxcvbn).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{assembly.FullName} has no {Resource}."));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .Where(word => word.Length >= Credentials.PasswordMin).ToFrozenSet(StringComparer.Ordinal);
    });

    public static int Count => frequent.Value.Count;

    /// <returns>Why it is refused, for the user; null if it is not a common password.</returns>
    public static string? Mistake(string password, string? email)
    {
        var folded = Fold(password);
        if (frequent.Value.Contains(folded))
            return "This is one of the passwords that are tried first; choose another.";
        return IsMadeOf(folded, WordsOf(email))
            ? "Your e-mail address and this shop's name are tried first; choose another."
            : null;
    }

    static IEnumerable<string> WordsOf(string? email)
    {
        // A longer text is not a valid address and refused elsewhere; do no work for it here.
        var folded = email is { Length: <= EmailAddress.LengthMax } ? Fold(email) : "";
        var local = folded.Split('@')[0];
        return [folded, local, .. local.Split('.', '-', '_', '+'), .. shopWords];
    }

    // Digits and signs around such a word are ignored: an attacker tries those variants too.
    static bool IsMadeOf(string password, IEnumerable<string> words)
    {
        var rest = words.Where(word => word.Length >= WordMin).OrderByDescending(word => word.Length)
            .Aggregate(password, (left, word) => left.Replace(word, "", StringComparison.Ordinal));
        return rest.Length < password.Length && !rest.Any(char.IsLetter);
    }

    static string Fold(string text) => Credentials.Normalize(text.Trim(), NormalizationForm.FormKC).ToLowerInvariant();
}
