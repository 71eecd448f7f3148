using Ticketing.Sidecar.Actors;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Tests.Actors;

public class PeriodTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("0h0m5s0ms", 5_000)]       // the .NET SDK's way
    [InlineData("0h15m0s0ms", 900_000)]
    [InlineData("1h2m3s", 3_723_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("-1s", -1_000)]
    [InlineData("0", 0)]
    [InlineData("PT10S", 10_000)]
    [InlineData("PT1H30M", 5_400_000)]
    [InlineData("P", null)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("s", null)]
    [InlineData("5 s", null)]
    [InlineData("5x", null)]
    [InlineData("1..5s", null)]
    [InlineData("soon", null)]
    [InlineData("PT0.0001S", null)]
    [InlineData("PT5D", null)]
    [InlineData("P5H", null)]
    [InlineData("PTS", null)]
    [InlineData("PT2147483647H", null)]
    [InlineData("10000000000h", null)]
    public void A_duration_is_go_text_or_iso_8601(string text, int? milliseconds)
    {
        var understood = Period.TryParse(text, out var period);

        Assert.Equal(milliseconds is not null, understood);
        if (understood)
            Assert.Equal(TimeSpan.FromMilliseconds(milliseconds!.Value), period.Time);
    }

    [Theory]
    [InlineData("R5/PT10S", 5, 10)]
    [InlineData("R0/PT1S", 0, 1)]
    [InlineData("R-1/PT1S", -1, 1)]
    [InlineData("R3", 3, 0)]
    [InlineData("PT1S", -1, 1)]
    public void Repetitions_stand_in_front_of_the_period(string text, int repeats, int seconds)
    {
        Assert.True(Period.TryParse(text, out var period));

        Assert.Equal(new Period(0, 0, 0, TimeSpan.FromSeconds(seconds), repeats), period);
    }

    [Theory]
    [InlineData("P1D", "2026-02-01T12:00:00Z")]
    [InlineData("P2W", "2026-02-14T12:00:00Z")]
    [InlineData("P1M", "2026-03-03T12:00:00Z")]      // Go: the 31st of February is the 3rd of March
    [InlineData("P1Y1M1DT1H1M1S", "2027-03-04T13:01:01Z")]
    [InlineData("15m", "2026-01-31T12:15:00Z")]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z")]
    [InlineData("2026-05-01T02:00:00.123456789+02:00", "2026-05-01T00:00:00.1234567Z")]
    public void A_due_time_is_an_instant_or_counts_from_now(string text, string expected)
    {
        var instant = Period.ParseInstant(text, Now, out var error);

        Assert.Null(error);
        Assert.Equal(expected, Rfc3339.Format(instant));
    }

    [Theory]
    [InlineData("soon", "unsupported time/duration format: soon")]
    [InlineData("R3/PT1S", "repetitions are not allowed")]
    [InlineData("P9999Y", "unsupported time/duration format: P9999Y")]
    [InlineData("2026-05-01", "unsupported time/duration format: 2026-05-01")]
    [InlineData("2026-05-01T00:00:00", "unsupported time/duration format: 2026-05-01T00:00:00")]
    public void A_due_time_that_cannot_be_read_is_refused_in_daprds_words(string text, string expected)
    {
        Period.ParseInstant(text, Now, out var error);

        Assert.Equal(expected, error);
    }

    [Theory]
    [InlineData(1_000, "1s")]
    [InlineData(2_000, "2s")]
    [InlineData(900_000, "15m0s")]
    [InlineData(5_400_500, "1h30m0.5s")]
    [InlineData(20, "20ms")]
    [InlineData(1.5, "1.5ms")]
    [InlineData(0.25, "250µs")]
    [InlineData(-1_500, "-1.5s")]
    [InlineData(0, "0s")]
    public void A_duration_prints_as_go_prints_it(double milliseconds, string expected) =>
        Assert.Equal(expected, GoDuration.Format(TimeSpan.FromMicroseconds(milliseconds * 1000)));
}
