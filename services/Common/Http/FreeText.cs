namespace Ticketing.Common;

/// <summary>What one person writes and others read.</summary>
public static class FreeText
{
    /// <param name="max">Characters, without blanks around them.</param>
    /// <returns>What is wrong with it, in a sentence; null: it may be shown, or there is none.</returns>
    public static string? Mistake(string? text, int max) =>
        text?.Trim() is not { } trimmed ? null
        : trimmed.Length > max ? $"At most {max} characters."
        : trimmed.Any(IsUnprintable) ? "No control characters."
        : null;

    // Direction overrides would let a text rewrite the page around it; joiners and marks are part of real scripts.
    static bool IsUnprintable(char c) => char.IsControl(c) || c is '\u2028' or '\u2029'
        or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
