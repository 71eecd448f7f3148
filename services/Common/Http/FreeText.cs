using System.Globalization;
using System.Text;

namespace Ticketing.Common;

/// <summary>Text that one person writes and others read, such as a title or the reason of a refund.</summary>
public static class FreeText
{
    /// <summary>
    /// Real scripts put at most six marks on one letter; hundreds would be drawn over the lines above.
    /// </summary>
    const int MarksMax = 8;

    /// <summary>The text as it is stored and shown: in NFC, trimmed.</summary>
    /// <param name="text">A text that has no <see cref="Mistake"/>.</param>
    /// <returns>Null if it is null or has no visible character.</returns>
    public static string? Read(string? text) =>
        text is not null && Trimmed(text) is var trimmed && trimmed.EnumerateRunes().Any(IsVisible) ? trimmed : null;

    /// <param name="max">In UTF-16 code units of the stored text, like a form's <c>maxlength</c>.</param>
    /// <returns>What is wrong with it, as a sentence; null if it may be stored or is null.</returns>
    public static string? Mistake(string? text, int max)
    {
        if (text is null)
            return null;
        // Checked first: half a surrogate pair and U+FFFE cannot be normalized.
        if (text.AsSpan().IndexOfAny('\uFFFE', '\uFFFF') >= 0 || !IsWellFormed(text))
            return "No characters that Unicode forbids.";
        var trimmed = Trimmed(text);
        return trimmed.Length > max ? $"At most {max} characters."
            : trimmed.EnumerateRunes().Any(IsForbidden) ? "No control characters."
            : MarksInARow(trimmed) > MarksMax ? $"At most {MarksMax} accents on one letter."
            : null;
    }

    static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]))
                return false;
        }
        return true;
    }

    static string Trimmed(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start]))
            start++;
        while (start < end && IsBlank(text[end - 1]))
            end--;
        return text[start..end].Normalize(NormalizationForm.FormC);
    }

    // White space and characters without a glyph, which are trimmed. Not joiners, direction marks, variation selectors
    // and tags: at the end of a word or an emoji they change how it looks.
    static bool IsBlank(char c) => char.IsWhiteSpace(c) || c is '\u00AD' or '\u034F' or '\u180E' or '\u200B'
        or (>= '\u2060' and <= '\u2064') or '\u2800' or '\u3164' or '\uFEFF' or '\uFFA0';

    /// <summary>False for characters that show nothing by themselves: blanks, marks, formats, unassigned.</summary>
    static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.Surrogate or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.SpacingCombiningMark) && !IsEmptyLetter(rune.Value);

    // Letters and symbols in Unicode that are drawn as nothing: blank Braille, Hangul fillers, the musical null note
    // head, blank hieroglyphs, the object replacement character.
    static bool IsEmptyLetter(int code) =>
        code is 0x2800 or 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x1D159 or 0x13441 or 0x13442 or 0xFFFC;

    // Direction overrides would reorder the page's text around it; joiners and marks are part of real scripts.
    static bool IsForbidden(Rune rune) => Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029
        or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) || IsNoncharacter(rune.Value);

    static bool IsNoncharacter(int code) => code is >= 0xFDD0 and <= 0xFDEF || (code & 0xFFFE) == 0xFFFE;

    static int MarksInARow(string text)
    {
        var (run, longest) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.SpacingCombiningMark)
                longest = Math.Max(longest, ++run);
            // A format character between two marks does not begin a new letter.
            else if (category != UnicodeCategory.Format)
                run = 0;
        }
        return longest;
    }
}
