using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// One word of a query. A ticket matches if it has a word that begins with the whole, or words that begin with each of
/// its parts: "O'Neill" finds "ONeill" and "O Neill".
/// </summary>
/// <param name="Parts">At least one; the whole begins with the first part.</param>
public sealed record QueryWord(string Whole, ImmutableArray<string> Parts);

/// <summary>
/// Splits texts and queries into search words; the index matches them by prefix. In a script with spaces between words,
/// a word is the text between two spaces. In one without, each character together with the next one is a word.
/// </summary>
static class SearchWords
{
    /// <summary>
    /// Enough for each word of a 200-character title; bounds the memory that a hostile title can take.
    /// </summary>
    const int PerTicketMax = 256;
    const int LengthMax = 40, PartsMax = 16;

    enum Kind { Space, Mark, Letters, Signs }

    readonly record struct Token(Kind Kind, string Text);

    public static IEnumerable<string> Of(TicketSnapshot ticket) =>
        Of(ticket.Title).Concat(Of(ticket.Venue ?? "")).Concat(Of(ticket.Seat ?? "")).Distinct().Take(PerTicketMax);

    /// <summary>The words under which a text is indexed.</summary>
    public static IEnumerable<string> Of(string text)
    {
        var tokens = Tokens(text).ToList();
        foreach (var chain in Chains(tokens))
        {
            foreach (var part in chain)
                yield return Cut(part);
            if (chain.Count > 1)
                yield return Cut(string.Concat(chain));
        }
        // Signs with a space or a dot between them are also found when typed without it.
        var run = new StringBuilder();
        foreach (var token in tokens.Append(new(Kind.Letters, "")))
        {
            if (token.Kind == Kind.Signs)
                run.Append(token.Text);
            if (token.Kind != Kind.Letters)
                continue;
            foreach (var pair in Pairs(run.ToString()))
                yield return pair;
            run.Clear();
        }
    }

    /// <summary>The words of a query.</summary>
    public static IEnumerable<QueryWord> InQuery(string text)
    {
        var tokens = Tokens(text).ToList();
        foreach (var chain in Chains(tokens))
            yield return new(Cut(string.Concat(chain)), [.. chain.Take(PartsMax).Select(Cut)]);
        foreach (var token in tokens.Where(token => token.Kind == Kind.Signs))
            yield return new(Cut(token.Text), [.. Pairs(token.Text).Take(PartsMax)]);
    }

    // Words joined only by punctuation, such as AC/DC and rock'n'roll.
    static IEnumerable<List<string>> Chains(List<Token> tokens)
    {
        var chain = new List<string>();
        foreach (var token in tokens.Append(new(Kind.Space, "")))
        {
            if (token.Kind == Kind.Letters)
                chain.Add(token.Text);
            else if (token.Kind != Kind.Mark && chain.Count > 0)
            {
                yield return chain;
                chain = [];
            }
        }
    }

    // Each sign with the next one, and the last one alone: a query finds a text in whose middle it stands.
    static IEnumerable<string> Pairs(string signs)
    {
        for (int i = 0, next; i < signs.Length; i = next)
        {
            next = After(signs, i);
            yield return signs[i..After(signs, next)];
        }
    }

    static int After(string text, int i) => i >= text.Length ? i : i + (char.IsSurrogatePair(text, i) ? 2 : 1);

    // Never cuts between the two halves of a surrogate pair.
    static string Cut(string word) => word.Length <= LengthMax ? word
        : word[..(char.IsSurrogatePair(word, LengthMax - 1) ? LengthMax - 1 : LengthMax)];

    static IEnumerable<Token> Tokens(string text)
    {
        var folded = Folding.Of(text);
        var (start, kind) = (0, Kind.Space);
        for (var i = 0; i < folded.Length; i = After(folded, i))
        {
            var next = KindOf(Rune.GetRuneAt(folded, i));
            if (next == kind)
                continue;
            if (i > start)
                yield return new(kind, folded[start..i]);
            (start, kind) = (i, next);
        }
        if (start < folded.Length)
            yield return new(kind, folded[start..]);
    }

    static Kind KindOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        _ when Rune.IsWhiteSpace(rune) => Kind.Space,
        UnicodeCategory.OtherSymbol when rune != Rune.ReplacementChar => Kind.Signs,
        <= UnicodeCategory.OtherNumber => IsUnspaced(rune.Value) ? Kind.Signs : Kind.Letters,
        _ => Kind.Mark,
    };

    // Scripts that are written without spaces, or not always with them: Thai and Lao; Myanmar; Hangul; Khmer, Tai Le,
    // New Tai Lue, Tai Tham, Balinese; kana, Han, Yi; Javanese, Cham, Tai Viet; Tangut, old kana, Nushu; rare Han.
    static bool IsUnspaced(int code) => code is (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F)
        or (>= 0x1100 and <= 0x11FF) or (>= 0x1780 and <= 0x17FF) or (>= 0x1950 and <= 0x1AAF)
        or (>= 0x1B00 and <= 0x1B7F) or (>= 0x2E80 and <= 0x2FFF) or (>= 0x3005 and <= 0x3007)
        or (>= 0x3021 and <= 0xA4CF) or (>= 0xA960 and <= 0xAADF) or (>= 0xAC00 and <= 0xD7FF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x16FE0 and <= 0x1B2FF) or (>= 0x20000 and <= 0x3FFFF);
}
