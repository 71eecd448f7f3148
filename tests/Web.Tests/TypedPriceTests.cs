using Ticketing.Contracts;

namespace Ticketing.Web.Tests;

public class TypedPriceTests
{
    [Theory]   // what is typed, the currency, and the minor units for the readers of each language; a dot: asked back
    [InlineData("45", "usd", "en 4500", "de 4500", "fr 4500", "ar 4500")]
    [InlineData("45.5", "usd", "en 4550", "de 4550", "fr 4550")]
    [InlineData(" 45,50 ", "usd", "en 4550", "de 4550", "fr 4550")]
    [InlineData("1,5", "usd", "en 150", "de 150")]
    [InlineData(".50", "usd", "en 50", "de 50")]
    [InlineData("$.50", "usd", "en 50")]
    [InlineData("45.", "usd", "en 4500")]
    [InlineData("45,-", "eur", "de 4500")]
    [InlineData("45.–", "chf", "de-ch 4500")]
    [InlineData("1,000", "usd", "en 100000", "ja 100000", "de .", "fr .", "sv .", "de-ch .")]
    [InlineData("1.000", "usd", "en .", "ja .", "de 100000", "es 100000", "fr .", "sv .", "de-ch .")]
    [InlineData("12.500", "eur", "en .", "de 1250000")]
    [InlineData("1.005", "usd", "en .", "de 100500")]
    [InlineData("1,000", "jpy", "en 1000", "de .", "ja 1000")]
    [InlineData("1.000", "jpy", "en .", "de 1000")]
    [InlineData("1,500", "kwd", "en 1500000", "de 1500")]
    [InlineData("1.500", "kwd", "en 1500", "de 1500000", "fr .")]
    [InlineData("1 000", "usd", "en 100000", "de 100000", "fr 100000")]
    [InlineData("1\u00a0000,50", "usd", "en 100050", "fr 100050")]
    [InlineData("1\u202f000", "usd", "en 100000", "fr 100000")]
    [InlineData("1\u2009000.5", "usd", "en 100050")]
    [InlineData("1'000", "usd", "en 100000", "de-ch 100000")]
    [InlineData("1’000.50", "chf", "en 100050", "de-ch 100050")]
    [InlineData("1.000,50", "usd", "en 100050", "de 100050")]
    [InlineData("1,000.50", "usd", "en 100050", "de 100050")]
    [InlineData("1,234,567", "usd", "en 123456700", "de 123456700")]
    [InlineData("1.234.567", "usd", "en 123456700", "de 123456700")]
    [InlineData("1,00,000", "inr", "en 10000000", "hi 10000000", "de 10000000")]
    [InlineData("12,34,567.50", "inr", "en-in 123456750")]
    [InlineData("１０００", "usd", "en 100000", "ja 100000")]
    [InlineData("１，０００", "jpy", "ja 1000")]
    [InlineData("٤٥٫٥٠", "usd", "ar 4550", "en 4550")]
    [InlineData("١٬٠٠٠", "usd", "ar 100000", "en 100000")]
    [InlineData("۱٬۲۳۴٫۵", "usd", "fa 123450")]
    [InlineData("१,०००", "inr", "hi 100000")]
    [InlineData("১,২৩,৪৫৬", "inr", "bn 12345600")]
    [InlineData("\u200f٤٥\u200e", "usd", "ar 4500")]
    [InlineData("$1,000", "usd", "en 100000")]
    [InlineData("US$ 45.50", "usd", "en 4550")]
    [InlineData("45.50 USD", "usd", "en 4550")]
    [InlineData("$45.50 usd", "usd", "en 4550")]
    [InlineData("45,50 €", "eur", "de 4550")]
    [InlineData("kr. 450", "nok", "nb 45000")]
    [InlineData("￥1,000", "jpy", "ja 1000")]
    [InlineData("1000円", "jpy", "ja 1000")]
    [InlineData("10.00", "jpy", "en 10")]
    [InlineData("007", "usd", "en 700")]
    public void A_price_is_read_as_it_was_meant_or_asked_back(string typed, string currency, params string[] readers)
    {
        foreach (var reader in readers)
        {
            var (language, minor) = (reader.Split(' ')[0], reader.Split(' ')[1]);
            var read = TypedPrice.Read(typed, Currencies.Find(currency)!, NumberStyle.Of(language));
            Assert.Equal((reader, minor == "."), ($"{language} {read.Minor?.ToString() ?? "."}", read.Mistake is not null));
        }
    }

    [Theory]
    [InlineData("", "usd", "Enter a price")]
    [InlineData(" \u00a0 ", "usd", "Enter a price")]
    [InlineData(null, "usd", "Enter a price")]
    [InlineData("free", "usd", "not a price")]
    [InlineData("1e3", "usd", "cannot be read")]
    [InlineData("0x10", "usd", "cannot be read")]
    [InlineData("45 or so", "usd", "not a price")]
    [InlineData("-1", "usd", "negative")]
    [InlineData("−1", "usd", "negative")]
    [InlineData("1-", "usd", "negative")]
    [InlineData("(45)", "usd", "negative")]
    [InlineData("-$45", "usd", "negative")]
    [InlineData("0", "usd", "more than nothing")]
    [InlineData("0.00", "usd", "more than nothing")]
    [InlineData("45.505", "usd", "USD has 2")]
    [InlineData("0.005", "usd", "USD has 2")]
    [InlineData("1.005", "usd", "USD has 2")]
    [InlineData("10.50", "jpy", "JPY has none")]
    [InlineData("1.2345", "kwd", "KWD has 3")]
    [InlineData("1,00", "jpy", null)]
    [InlineData("1,0,0", "usd", "cannot be read")]
    [InlineData("1..5", "usd", "cannot be read")]
    [InlineData("1.000.00", "usd", "cannot be read")]
    [InlineData("1,000,50", "usd", "cannot be read")]
    [InlineData("1 000'000", "usd", "cannot be read")]
    [InlineData("1 00", "usd", "cannot be read")]
    [InlineData("1000,000", "usd", "USD has 2")]
    [InlineData("12-50", "usd", "cannot be read")]
    [InlineData("€45", "usd", "the currency is USD")]
    [InlineData("45 GBP", "usd", "the currency is USD")]
    [InlineData("$45", "eur", "the currency is EUR")]
    [InlineData("79228162514264337593543950335", "usd", "more than any ticket")]
    [InlineData("🎫", "usd", "not a price")]
    public void What_cannot_be_read_is_said(string? typed, string currency, string? why)
    {
        var read = TypedPrice.Read(typed, Currencies.Find(currency)!, NumberStyle.English);
        if (why is null)
            Assert.Equal((1L, null), (read.Minor, read.Mistake));
        else
            Assert.Contains(why, read.Mistake);
    }

    [Fact]
    public void Who_is_asked_back_sees_both_amounts()
    {
        var english = TypedPrice.Read("1.000", Currencies.Find("usd")!, NumberStyle.English).Mistake;
        Assert.Equal("“1.000” could be US$1,000.00 or US$1.00: type 1000 for the first, 1.00 for the second", english);
        var german = TypedPrice.Read("1,000", Currencies.Find("eur")!, NumberStyle.Of("de")).Mistake;
        Assert.Contains("1.000,00\u00a0€ or 1,00\u00a0€", german);
    }
}
