using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ticketing.Contracts;

namespace Ticketing.Web;

/// <summary>
/// A price as a person typed it. It is read by the rules of the page's language, and if it could be two amounts (1.000)
/// the person is asked: it is never taken for a thousandth of what was meant.
/// </summary>
/// <param name="Minor">Minor units; null if it cannot be read.</param>
/// <param name="Mistake">A sentence for the form; null if it can be read.</param>
public sealed partial record TypedPrice(long? Minor, string? Mistake)
{
    const int LengthMax = 60, DigitsMax = 14;

    [GeneratedRegex(@"\A[.,]\s*[-–—]*\z")]
    private static partial Regex WithoutCents { get; }   // "45,-", "45.–", "45."

    /// <summary>A way to read the digits.</summary>
    readonly record struct Reading(string Whole, string Fraction);

    public static TypedPrice Read(string? typed, Currency currency, NumberStyle style)
    {
        var example = $"{style.InputAmount(45 * currency.MinorPerMajor, currency.Code)}";
        var text = Simplified(typed ?? "");
        if (text.Length == 0)
            return Wrong($"Enter a price, such as {example}");
        if (text.Length > LengthMax || !text.Any(char.IsAsciiDigit))
            return Wrong($"This is not a price: write a number, such as {example}");
        var (before, number, after) = Split(text);
        if (before.AsSpan().ContainsAny("-−(") || after.AsSpan().ContainsAny("-−)"))
            return Wrong("A price cannot be negative");
        foreach (var sign in new[] { before, after }.Where(sign => sign.Length > 0))
        {
            var codes = CurrencySigns.CurrenciesOf(sign);
            if (codes.Count == 0)
                return Wrong($"This is not a price: write a number, such as {example}");
            if (!codes.Contains(currency.Code))
                return Wrong($"You typed “{sign}”, but the currency is {currency.Name}: choose the currency beside it");
        }

        var readings = Readings(number);
        return readings switch
        {
            [] => Wrong($"This number cannot be read: write it without separators, such as {example}"),
            [var only] => Amount(only, currency),
            [var grouped, var other] => Choose(number, grouped, other, currency, style),
            _ => throw new InvalidOperationException("A number has at most two readings."),
        };
    }

    // 1,000 and 1.000: a thousand, or one with three decimals.
    static TypedPrice Choose(string number, Reading grouped, Reading other, Currency currency, NumberStyle style)
    {
        var separator = number.First(c => !char.IsAsciiDigit(c));
        if (separator == style.Group)
            return Amount(grouped, currency);
        if (separator == style.Point && currency.Digits == 3)
            return Amount(other, currency);
        var thousand = Amount(grouped, currency).Minor is { } minor ? style.Money(minor, currency.Code) : grouped.Whole;
        var small = other.Fraction.TrimEnd('0') is "" ? Amount(other with { Fraction = "" }, currency)
            : currency.Digits == 3 ? Amount(other, currency) : null;
        return small?.Minor is { } few
            ? Wrong($"“{number}” could be {thousand} or {style.Money(few, currency.Code)}: type "
                + $"{grouped.Whole} for the first, {style.InputAmount(few, currency.Code)} for the second")
            : Wrong($"“{number}” could be {thousand}, or has too many decimals: {TooManyDecimals(currency)}. "
                + $"Type {grouped.Whole} if you mean {thousand}");
    }

    static TypedPrice Amount(Reading reading, Currency currency)
    {
        var fraction = reading.Fraction;
        // 10.00 JPY is 10 JPY; with three decimals a thousand may be meant.
        if (fraction.Length > currency.Digits && (fraction.Length > 2 || fraction[currency.Digits..].Trim('0') is not ""))
            return Wrong($"Too many decimals: {TooManyDecimals(currency)}");
        var whole = reading.Whole.TrimStart('0');
        if (whole.Length > DigitsMax)
            return Wrong("This is more than any ticket may cost");
        var digits = fraction.Length > currency.Digits ? fraction[..currency.Digits] : fraction;
        var minor = long.Parse($"0{whole}{digits.PadRight(currency.Digits, '0')}", CultureInfo.InvariantCulture);
        return minor == 0 ? Wrong("A price is more than nothing") : new(minor, null);
    }

    static string TooManyDecimals(Currency currency) => currency.Digits switch
    {
        0 => $"{currency.Name} has none",
        var digits => $"{currency.Name} has {digits}",
    };

    static List<Reading> Readings(string number)
    {
        var readings = new List<Reading>();
        if (Whole(number) is { } all)
            readings.Add(new(all, ""));
        foreach (var point in ".,٫")
        {
            if (number.Split(point) is [var left, { Length: > 0 } right] && right.All(char.IsAsciiDigit)
                && Whole(left) is { } whole)
                readings.Add(new(whole, right));
        }
        return readings;
    }

    /// <summary>The digits of a whole number, in groups of three or as in India; null if it is none.</summary>
    static string? Whole(string text)
    {
        if (text.All(char.IsAsciiDigit))
            return text is "" ? null : text;
        var separator = text.First(c => !char.IsAsciiDigit(c));
        if (!".,'٬ ".Contains(separator))
            return null;
        var groups = text.Split(separator);
        var isGrouped = groups[0] is { Length: >= 1 and <= 3 } first && first[0] != '0'
            && groups.All(group => group.All(char.IsAsciiDigit)) && groups[^1].Length == 3
            && (groups[1..].All(group => group.Length == 3)
                || separator == ',' && first.Length <= 2 && groups[1..^1].All(group => group.Length == 2));
        return isGrouped ? string.Concat(groups) : null;
    }

    static (string Before, string Number, string After) Split(string text)
    {
        var (start, end) = (text.AsSpan().IndexOfAnyInRange('0', '9'), text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1);
        var (before, number, after) = (text[..start].Trim(), text[start..end], text[end..].Trim());
        if (before is [.., '.' or ',' or '٫'] && CurrencySigns.CurrenciesOf(before).Count == 0)   // ".50"
            (before, number) = (before[..^1].Trim(), $"0{before[^1]}{number}");
        return (before, number, WithoutCents.IsMatch(after) ? "" : after);
    }

    // Digits of every script and width become ASCII, spaces of every width one space; invisible marks are left out.
    static string Simplified(string typed)
    {
        var text = new StringBuilder();
        foreach (var c in typed.Length > LengthMax || typed.Any(char.IsSurrogate)
            ? "?" : typed.Normalize(NormalizationForm.FormKC))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format)
                continue;
            text.Append(CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit ? (char)('0' + digit)
                : char.IsWhiteSpace(c) ? ' '
                : c is '’' or '‘' or 'ʼ' or '`' or '´' or '′' ? '\''
                : c is '،' ? ',' : c);
        }
        return text.ToString().Trim();
    }

    static TypedPrice Wrong(string mistake) => new(null, mistake);
}
