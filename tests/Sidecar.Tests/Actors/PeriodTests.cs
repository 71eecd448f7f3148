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
    public void A_duration_is_daprs_or_iso_8601_without_days(string text, int? milliseconds)
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

        Assert.Equal(new Period(TimeSpan.FromSeconds(seconds), repeats), period);
    }

    [Theory]
    [InlineData("PT1H1M1S", "2026-01-31T13:01:01Z")]
    [InlineData("15m", "2026-01-31T12:15:00Z")]
    [InlineData("2026-05-01T00:00:00Z", "2026-05-01T00:00:00Z")]
    [InlineData("2026-05-01T02:00:00.123456789+02:00", "2026-05-01T00:00:00.1234567Z")]
    public void A_due_time_is_an_instant_or_counts_from_now(string text, string expected)
    {
        Assert.Equal(expected, Rfc3339.Format(Period.Instant(text, Now)!.Value));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("R3/PT1S")]
    [InlineData("P1M")]
    [InlineData("2026-05-01")]
    [InlineData("2026-05-01T00:00:00")]
    public void A_due_time_that_cannot_be_read_is_none(string text) => Assert.Null(Period.Instant(text, Now));

    [Theory]
    [InlineData(1_000, "1s")]
    [InlineData(2_000, "2s")]
    [InlineData(900_000, "15m0s")]
    [InlineData(5_400_500, "1h30m0.5s")]
    [InlineData(20, "20ms")]
    [InlineData(1.5, "1.5ms")]
    [InlineData(0, "0s")]
    public void A_duration_prints_as_dapr_prints_it(double milliseconds, string expected) =>
        Assert.Equal(expected, DaprDuration.Format(TimeSpan.FromMicroseconds(milliseconds * 1000)));
}
