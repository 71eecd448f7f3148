namespace Ticketing.Web.Tests;

public class DisplayTests
{
    [Theory]
    [InlineData(4550, "usd", "$45.50")]
    [InlineData(123_456_789, "eur", "€1,234,567.89")]
    [InlineData(500, "jpy", "¥500")]
    [InlineData(1500, "kwd", "KWD 1.500")]
    [InlineData(5000, "mga", "MGA 5,000")]
    [InlineData(5000, "cop", "COP 50.00")]
    [InlineData(99, "chf", "CHF 0.99")]
    public void An_amount_is_written_with_the_digits_of_its_currency(long minor, string currency, string words) =>
        Assert.Equal(words, Display.Money(minor, currency));

    [Theory]
    [InlineData("45", "usd", 4500L)]
    [InlineData("45.5", "usd", 4550L)]
    [InlineData(" 45,50 ", "usd", 4550L)]
    [InlineData("45.505", "usd", null)]
    [InlineData("500", "jpy", 500L)]
    [InlineData("500.5", "jpy", null)]
    [InlineData("-1", "usd", null)]
    [InlineData("1e3", "usd", null)]
    [InlineData("free", "usd", null)]
    [InlineData("", "usd", null)]
    [InlineData("79228162514264337593543950335", "usd", null)]
    public void What_a_person_types_is_read_as_minor_units_or_not_at_all(string typed, string currency, long? minor) =>
        Assert.Equal(minor, Display.ParseMinor(typed, currency));
}
