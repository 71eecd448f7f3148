using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Ticketing.Tickets;

/// <summary>
/// Maps texts that people read as the same to one form: no case, accents, widths, ligatures or joiners.
/// </summary>
static class Folding
{
    /// <summary>Letters that have no decomposition in Unicode, in lower case, and what people type instead.</summary>
    static readonly FrozenDictionary<char, string> Alike = (
        // Latin
        "ß=ss æ=ae œ=oe ø=o ł=l đ=d ð=d þ=th ħ=h ŧ=t ŋ=n ı=i ȷ=j ĸ=k ƒ=f ə=e ǝ=e ɛ=e ɔ=o ɵ=o ɑ=a ƀ=b ɓ=b ƈ=c ɖ=d ɗ=d "
        + "ǥ=g ɠ=g ɣ=g ɨ=i ɉ=j ƙ=k ƚ=l ɫ=l ɲ=n ƞ=n ƥ=p ɍ=r ʂ=s ƭ=t ʈ=t ⱦ=t ʉ=u ʊ=u ʋ=v ɏ=y ƴ=y ƶ=z ȥ=z "
        // Greek final sigma, Ukrainian ge
        + "ς=σ ґ=г "
        // Arabic: alef wasla, alef maksura, Farsi yeh, teh marbuta, keheh, heh goal, heh doachashmee, ae
        + "\u0671=\u0627 \u0649=\u064A \u06CC=\u064A \u0629=\u0647 \u06A9=\u0643 \u06C1=\u0647 \u06BE=\u0647 \u06D5=\u0647 "
        // Hebrew final kaf, mem, nun, pe, tsadi
        + "\u05DA=\u05DB \u05DD=\u05DE \u05DF=\u05E0 \u05E3=\u05E4 \u05E5=\u05E6 "
        // Letters that are apostrophes: prime, half rings, okina, modifier apostrophe
        + "\u02B9=' \u02BB=' \u02BC=' \u02BD=' \u02BE=' \u02BF='")
        .Split(' ').ToFrozenDictionary(pair => pair[0], pair => pair[2..]);

    public static string Of(string text)
    {
        // A free-standing acute accent is meant as an apostrophe; its decomposition would begin with a space.
        var decomposed = Normalizable(text).Replace('\u00B4', '\'').Normalize(NormalizationForm.FormKD);
        var folded = new StringBuilder(decomposed.Length);
        foreach (var rune in decomposed.EnumerateRunes())
        {
            if (!rune.IsAscii)
                AppendFolded(folded, rune);
            else
                folded.Append(char.ToLowerInvariant((char)rune.Value));
        }
        // Recomposes the marks that were kept: Hangul syllables, voiced kana.
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    static void AppendFolded(StringBuilder folded, Rune rune)
    {
        if (IsDropped(rune))
            return;
        var lower = Rune.ToLowerInvariant(rune);
        if (lower.IsBmp && Alike.TryGetValue((char)lower.Value, out var same))
            folded.Append(same);
        else if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
            folded.Append((int)Rune.GetNumericValue(rune));
        else
            folded.Append(lower.ToString());
    }

    // Accents and points, joiners and other format characters, Arabic letter extension, emoji skin tones.
    static bool IsDropped(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.NonSpacingMark => !IsVowelOrTone(rune.Value),
        _ => rune.Value is 0x0640 or 0x07FA or (>= 0x1F3FB and <= 0x1F3FF),
    };

    // In the scripts from Devanagari to Balinese, and in voiced kana, marks are part of the word. The excluded range in
    // between holds accents.
    static bool IsVowelOrTone(int code) => code is (>= 0x0900 and <= 0x1CFF and not (>= 0x1AB0 and <= 0x1AFF))
        or 0x3099 or 0x309A or (>= 0xA800 and <= 0xABFF) or (>= 0x10A00 and <= 0x16FFF);

    // Normalize throws for an unpaired surrogate and for U+FFFE; neither is part of any word.
    static string Normalizable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
                i++;
            else if (char.IsSurrogate(text[i]) || text[i] == '\uFFFE')
                return string.Concat(text.EnumerateRunes().Where(rune => rune.Value != 0xFFFE));
        }
        return text;
    }
}
