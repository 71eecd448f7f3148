using System.Buffers;

namespace Ticketing.Sidecar.Actors;

/// <summary>Dapr's reading of ISO 8601 durations (<c>github.com/dapr/kit/time</c>): whole numbers only, optional
/// repetitions in front (<c>R5/PT10S</c>, or <c>R5</c> alone).</summary>
static class Iso8601Period
{
    /// <summary>The hours of 64 bits of nanoseconds.</summary>
    const int HoursMax = 2_562_047;

    static readonly SearchValues<char> Units = SearchValues.Create("TYWDHMS");

    public static bool TryParse(string text, out Period period)
    {
        period = new Period(0, 0, 0, TimeSpan.Zero, Period.Unlimited);
        if (text.Length < 2)
            return false;
        var rest = text.AsSpan();
        if (rest[0] == 'R')
        {
            var end = rest.IndexOf('/') is var slash and >= 0 ? slash : rest.Length;
            if (!TryWhole(rest[1..end], out var repeats))
                return false;
            period = period with { Repeats = repeats };
            if (end + 1 >= rest.Length)
                return true;
            rest = rest[(end + 1)..];
        }
        return rest[0] == 'P' && TryParts(rest[1..], ref period);
    }

    static bool TryParts(ReadOnlySpan<char> text, ref Period period)
    {
        var inTime = false;
        while (text.IndexOfAny(Units) is var end and >= 0)
        {
            if (text[end] == 'T' ? end != 0 : !TryPart(text[..end], text[end], inTime, ref period))
                return false;
            inTime |= text[end] == 'T';
            text = text[(end + 1)..];
        }
        return true;
    }

    static bool TryPart(ReadOnlySpan<char> digits, char unit, bool inTime, ref Period period)
    {
        if (!TryWhole(digits, out var count))
            return false;
        (var understood, period) = (unit, inTime) switch
        {
            ('Y', false) => (true, period with { Years = count }),
            ('M', false) => (true, period with { Months = count }),
            ('W', false) => (true, period with { Days = period.Days + count * 7 }),
            ('D', false) => (true, period with { Days = period.Days + count }),
            ('H', true) when Math.Abs((long)count) <= HoursMax => (true, Plus(period, TimeSpan.FromHours(count))),
            ('M', true) => (true, Plus(period, TimeSpan.FromMinutes(count))),
            ('S', true) => (true, Plus(period, TimeSpan.FromSeconds(count))),
            _ => (false, period),
        };
        return understood;
    }

    static Period Plus(Period period, TimeSpan time) => period with { Time = period.Time + time };

    static bool TryWhole(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}
