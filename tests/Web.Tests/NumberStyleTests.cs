using Ticketing.Contracts;

namespace Ticketing.Web.Tests;

public class NumberStyleTests
{
    [Theory]
    [InlineData(4550, "usd", "US$45.50")]
    [InlineData(123_456_789, "eur", "€1,234,567.89")]
    [InlineData(500, "jpy", "JPY 500")]
    [InlineData(1500, "kwd", "KWD 1.500")]
    [InlineData(5000, "mga", "MGA 5,000")]
    [InlineData(5000, "isk", "ISK 5,000")]
    [InlineData(5000, "cop", "COP 50.00")]
    [InlineData(52_000, "nok", "NOK 520.00")]
    [InlineData(99, "chf", "CHF 0.99")]
    [InlineData(0, "usd", "US$0.00")]
    public void An_amount_is_written_with_the_digits_of_its_currency(long minor, string currency, string words) =>
        Assert.Equal(words, NumberStyle.English.Money(minor, currency));

    [Theory]   // ~ is a no-break space, _ a narrow one
    [InlineData("de-DE", 123_456_789, "eur", "1.234.567,89~€")]
    [InlineData("de-CH", 123_450, "chf", "CHF 1’234.50")]
    [InlineData("fr", 123_450, "eur", "1_234,50~€")]
    [InlineData("nl", 123_450, "eur", "€ 1.234,50")]
    [InlineData("nb", 52_000, "nok", "520,00~NOK")]
    [InlineData("ja-JP", 100_000, "jpy", "JPY 100,000")]
    [InlineData("hi-IN", 123_456_700, "inr", "₹12,34,567.00")]
    [InlineData("en-IN", 12_345_600, "inr", "₹1,23,456.00")]
    [InlineData("ar", 123_450, "usd", "١٬٢٣٤٫٥٠~US$")]
    [InlineData("fa", 123_450, "eur", "۱٬۲۳۴٫۵۰~€")]
    [InlineData("bn", 12_345_600, "inr", "১,২৩,৪৫৬.০০~₹")]
    [InlineData("tlh", 123_450, "usd", "US$1,234.50")]
    public void An_amount_is_written_as_its_reader_writes_it(string language, long minor, string currency, string words) =>
        Assert.Equal(words.Replace('~', '\u00a0').Replace('_', '\u202f'), NumberStyle.Of(language).Money(minor, currency));

    // What is shown, put into the form, and sent to Stripe is one amount, whatever the currency and the language.
    [Fact]
    public void What_is_shown_is_read_back_as_the_same_amount()
    {
        var random = new Random(1);
        var styles = NumberStyle.All.ToArray();
        foreach (var currency in Currencies.All)
        {
            for (var i = 0; i < 10_000; i++)
            {
                var style = styles[random.Next(styles.Length)];
                // Evenly over the number of digits: half of all amounts up to the greatest have as many as it.
                var minor = (long)Math.Min(currency.Max, Math.Pow(10, random.NextDouble() * 13));
                minor = Math.Max(1, minor / currency.Step) * currency.Step;
                var (shown, input) = (style.Money(minor, currency.Code), style.InputAmount(minor, currency.Code));
                var charged = Currencies.FromStripe(Currencies.ToStripe(new(minor, currency.Code)), currency.Code).Amount;
                if (TypedPrice.Read(shown, currency, style).Minor != minor
                    || TypedPrice.Read(input, currency, style).Minor != minor || charged != minor)
                    Assert.Fail($"{style.Language}: {minor} is shown as {shown}, typed as {input}, charged as {charged}");
            }
        }
    }
}
