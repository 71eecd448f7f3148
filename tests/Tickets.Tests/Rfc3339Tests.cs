using CsCheck;

namespace Ticketing.Tickets.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2031-01-16T20:00:00Z", "2031-01-16T20:00:00.0000000")]
    [InlineData("2031-01-16t20:00:00z", "2031-01-16T20:00:00.0000000")]
    [InlineData("2031-01-16 20:00:00Z", "2031-01-16T20:00:00.0000000")]
    [InlineData("2031-01-16T20:00Z", "2031-01-16T20:00:00.0000000")]
    [InlineData("2031-01-16T20:00:00.5Z", "2031-01-16T20:00:00.5000000")]
    [InlineData("2031-01-16T20:00:00.123456789Z", "2031-01-16T20:00:00.1234567")]
    [InlineData("2031-01-16T20:00:00.99999999999999999999999999999999Z", "2031-01-16T20:00:00.9999999")]
    [InlineData("2031-01-16T20:00:00-00:00", "2031-01-16T20:00:00.0000000")]
    [InlineData("2031-01-16T20:00:00+02:00", "2031-01-16T18:00:00.0000000")]
    [InlineData("2031-01-16T20:00:00+23:59", "2031-01-15T20:01:00.0000000")]
    [InlineData("2031-01-16T20:00:00-23:59", "2031-01-17T19:59:00.0000000")]
    [InlineData("2030-06-30T23:59:60Z", "2030-07-01T00:00:00.0000000")]
    [InlineData("2030-12-31T23:59:60.25Z", "2031-01-01T00:00:00.2500000")]
    [InlineData("2031-01-01T01:59:60+02:00", "2031-01-01T00:00:00.0000000")]
    [InlineData("2000-01-01T00:00:00Z", "2000-01-01T00:00:00.0000000")]
    [InlineData("1999-12-31T23:00:00-01:00", "2000-01-01T00:00:00.0000000")]
    [InlineData("2099-12-31T23:59:59Z", "2099-12-31T23:59:59.0000000")]
    [InlineData("2100-01-01T00:59:59+01:00", "2099-12-31T23:59:59.0000000")]
    [InlineData("2032-02-29T00:00:00Z", "2032-02-29T00:00:00.0000000")]
    public void A_time_is_read_in_every_form_of_the_standard(string text, string utc) => Assert.Equal(
        utc + "+00:00", Rfc3339.Parse(text)?.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2031-01-16")]
    [InlineData("2031-01-16T20:00:00")]
    [InlineData("2031-01-16T20Z")]
    [InlineData("2031-01-16T20:00:Z")]
    [InlineData("2031-01-16T20:00:00.Z")]
    [InlineData("2031-01-16T20:00:00,5Z")]
    [InlineData("2031-01-16T20:00.5Z")]
    [InlineData("2031-01-16T20:00:00 Z")]
    [InlineData(" 2031-01-16T20:00:00Z")]
    [InlineData("2031-01-16T20:00:00Z\n")]
    [InlineData("2031-01-16T20:00:00+0200")]
    [InlineData("2031-01-16T20:00:00+02")]
    [InlineData("2031-01-16T20:00:00+2:00")]
    [InlineData("2031-01-16T20:00:00+24:00")]
    [InlineData("2031-01-16T20:00:00+02:60")]
    [InlineData("2031-01-16T20:00:00−02:00")]
    [InlineData("2031-01-16T24:00:00Z")]
    [InlineData("2031-01-16T20:60:00Z")]
    [InlineData("2031-01-16T20:00:61Z")]
    [InlineData("2031-01-16T20:00:60Z")]
    [InlineData("2031-01-16T23:59:60Z")]
    [InlineData("2031-01-31T23:59:60+02:00")]
    [InlineData("2031-02-29T00:00:00Z")]
    [InlineData("2031-13-01T00:00:00Z")]
    [InlineData("2031-00-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("2099-12-31T23:59:60Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+23:59")]
    [InlineData("9999-12-31T23:59:60-23:59")]
    [InlineData("٢٠٣١-01-16T20:00:00Z")]
    [InlineData("+2031-01-16T20:00:00Z")]
    public void What_is_no_time_of_the_standard_is_refused(string? text) => Assert.Null(Rfc3339.Parse(text));

    [Fact]
    public void Whatever_is_sent_it_is_read_or_refused()
    {
        string[] pieces = ["2031-01-16", "1999-12-31", "9999-12-31", "T", " ", "20:00", "23:59", ":60", ":00", ".9", "Z", "+", "-"];
        var joined = Gen.Int[0, pieces.Length - 1].Array[0, 8].Select(chosen => string.Concat(chosen.Select(i => pieces[i])));
        Gen.OneOf(Gen.String, joined).Sample(text => _ = Rfc3339.Parse(text));
    }
}
