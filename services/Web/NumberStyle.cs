using System.Globalization;
using System.Text;
using Ticketing.Contracts;

namespace Ticketing.Web;

/// <summary>Where a price has its currency.</summary>
public enum SignPlace { Before, BeforeWithSpace, After }

/// <summary>
/// How the readers of a language write a price. From this table and not from ICU: its versions differ between machines,
/// and what is written here must be read back by <see cref="TypedPrice"/> as the same amount.
/// </summary>
/// <param name="Language">A BCP 47 tag.</param>
/// <param name="Zero">The first of the ten digits.</param>
/// <param name="IsIndian">Groups of two before the last three digits: 12,34,567.</param>
public sealed record NumberStyle(
    string Language, char Group, char Point, SignPlace Place, char Zero = '0', bool IsIndian = false)
{
    const char NoBreakSpace = '\u00a0', NarrowSpace = '\u202f';

    public static readonly NumberStyle English = new("en", ',', '.', SignPlace.Before);

    static readonly Dictionary<string, NumberStyle> known = new (string Languages, NumberStyle Style)[]
    {
        ("en ja zh ko th ms fil sw es-mx es-us", English),
        ("en-in hi gu kn ml pa ta te", English with { IsIndian = true }),
        ("he", new("", ',', '.', SignPlace.After)),
        ("de es it el da id vi ro hr sl sr ca is gl eu mk", new("", '.', ',', SignPlace.After)),
        ("nl de-at pt", new("", '.', ',', SignPlace.BeforeWithSpace)),
        ("tr", new("", '.', ',', SignPlace.Before)),
        ("de-ch de-li it-ch en-ch", new("", '’', '.', SignPlace.BeforeWithSpace)),
        ("fr", new("", NarrowSpace, ',', SignPlace.After)),
        ("sv nb no nn fi pl cs sk ru uk be bg hu lt lv et kk pt-pt", new("", NoBreakSpace, ',', SignPlace.After)),
        ("mr ne", new("", ',', '.', SignPlace.Before, '\u0966', IsIndian: true)),
        ("bn", new("", ',', '.', SignPlace.After, '\u09e6', IsIndian: true)),
        ("ar", new("", '\u066c', '\u066b', SignPlace.After, '\u0660')),
        ("ar-ae", new("", ',', '.', SignPlace.After)),
        ("ar-dz ar-ma ar-tn ar-ly", new("", '.', ',', SignPlace.After)),
        ("fa", new("", '\u066c', '\u066b', SignPlace.After, '\u06f0')),
        ("ur", new("", ',', '.', SignPlace.BeforeWithSpace)),
    }.SelectMany(row => row.Languages.Split(' ').Select(language => row.Style with { Language = language }))
        .ToDictionary(style => style.Language);

    public static IReadOnlyCollection<NumberStyle> All => known.Values;

    /// <param name="languages">BCP 47 tags, the preferred one first.</param>
    /// <returns>The style of the first of them that is known; else English.</returns>
    public static NumberStyle Of(params IEnumerable<string> languages)
    {
        foreach (var language in languages)
        {
            var tag = language.ToLowerInvariant();
            if (known.TryGetValue(tag, out var style) || known.TryGetValue(tag.Split('-')[0], out style))
                return style;
        }
        return English;
    }

    /// <summary>A price for people: <c>US$1,234.50</c>, <c>1.234,50 €</c>.</summary>
    /// <param name="minor">Minor units, e.g. 4550 cents.</param>
    public string Money(long minor, string currency)
    {
        var sign = CurrencySigns.Of(currency);
        var amount = Number(minor, currency, grouped: true);
        return Place switch
        {
            SignPlace.After => $"{amount}{NoBreakSpace}{sign}",
            SignPlace.Before when !char.IsLetter(sign[^1]) => $"{sign}{amount}",
            _ => $"{sign} {amount}",
        };
    }

    /// <summary>The amount as an input field shows it: <c>1234.50</c>.</summary>
    public string InputAmount(long minor, string currency) => Number(minor, currency, grouped: false);

    string Number(long minor, string currency, bool grouped)
    {
        var plain = Currencies.Find(currency)?.Plain(minor)
            ?? (minor / 100m).ToString("F2", CultureInfo.InvariantCulture);
        var point = plain.IndexOf('.') is var at && at < 0 ? plain.Length : at;
        var text = new StringBuilder();
        for (var i = 0; i < plain.Length; i++)
        {
            if (grouped && i > 0 && i < point && StartsGroup(point - i))
                text.Append(Group);
            text.Append(plain[i] switch
            {
                '.' => Point,
                >= '0' and <= '9' and var digit => (char)(Zero + digit - '0'),
                var other => other,
            });
        }
        return text.ToString();
    }

    bool StartsGroup(int digitsLeft) => IsIndian && digitsLeft > 3 ? digitsLeft % 2 == 1 : digitsLeft % 3 == 0;
}
