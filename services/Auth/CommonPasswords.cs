using System.Collections.Frozen;
using System.Text;

namespace Ticketing.Auth;

/// <summary>
/// Passwords that a guesser tries first (ASVS 5.0, 6.2.4 and 6.2.11): the most frequent ones of known leaks, and those
/// made of the words at hand. They are compared whole; a password is not judged by how strong it looks.
/// </summary>
static class CommonPasswords
{
    const string Resource = "zxcvbn-core.Dictionaries.passwords.lst";
    /// <summary>A shorter word is part of too many good passwords.</summary>
    const int WordMin = 4;
    static readonly string[] shopWords = ["ticketing", "tickets", "ticket"];

    // Some 12,000 of its 30,000 are long enough to be anybody's password here. Read at the first sign-up.
    static readonly Lazy<FrozenSet<string>> frequent = new(() =>
    {
        var assembly = typeof(Zxcvbn.Zxcvbn).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{assembly.FullName} has no {Resource}."));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries)
            .Where(word => word.Length >= Credentials.PasswordMin).ToFrozenSet(StringComparer.Ordinal);
    });

    public static int Count => frequent.Value.Count;

    /// <returns>What is wrong with it, in a sentence; null: it is not one of these.</returns>
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
        // What is no address is refused as such; it must not cost more than one.
        var folded = email is { Length: <= EmailAddress.LengthMax } ? Fold(email) : "";
        var local = folded.Split('@')[0];
        return [folded, local, .. local.Split('.', '-', '_', '+'), .. shopWords];
    }

    // Digits and signs around such words are what everybody adds.
    static bool IsMadeOf(string password, IEnumerable<string> words)
    {
        var rest = words.Where(word => word.Length >= WordMin).OrderByDescending(word => word.Length)
            .Aggregate(password, (left, word) => left.Replace(word, "", StringComparison.Ordinal));
        return rest.Length < password.Length && !rest.Any(char.IsLetter);
    }

    static string Fold(string text) => Credentials.Normalize(text.Trim(), NormalizationForm.FormKC).ToLowerInvariant();
}
