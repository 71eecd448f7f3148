using Ticketing.Contracts;

namespace Ticketing.Common.Tests;

public class CurrencyTests
{
    [Theory]   // the amount as it is written, in our minor units, and in Stripe's units
    [InlineData("usd", 45.50, 4_550, 4_550)]
    [InlineData("huf", 10.45, 1_045, 1_045)]
    [InlineData("jpy", 500, 500, 500)]
    [InlineData("mga", 100_000, 100_000, 100_000)]
    [InlineData("isk", 5, 5, 500)]
    [InlineData("ugx", 5, 5, 500)]
    [InlineData("kwd", 5.120, 5_120, 5_120)]
    public void An_amount_is_the_same_to_people_and_to_Stripe(string code, double written, long minor, long stripe)
    {
        Assert.Equal(minor, (decimal)written * (decimal)Math.Pow(10, Currencies.DigitsOf(code)));
        Assert.Equal(stripe, Currencies.ToStripe(new(minor, code)));
        Assert.Equal(new Money(minor, code), Currencies.FromStripe(stripe, code));
    }

    [Theory]
    [InlineData("usd", true)]
    [InlineData("zmw", true)]
    [InlineData("USD", false)]
    [InlineData("xyz", false)]
    [InlineData("", false)]
    public void Only_currencies_that_people_pay_with_are_known(string code, bool isKnown) =>
        Assert.Equal(isKnown, Currencies.IsKnown(code));

    [Theory]   // the least and the greatest price, as people write them
    [InlineData("usd", "0.50", "999999.99")]
    [InlineData("gbp", "0.30", "999999.99")]
    [InlineData("czk", "15.00", "999999.99")]
    [InlineData("huf", "175.00", "999999.99")]
    [InlineData("jpy", "50", "99999999")]
    [InlineData("isk", "50", "999999")]
    [InlineData("mga", "50", "99999999")]
    [InlineData("kwd", "0.150", "99999.999")]
    [InlineData("idr", "0.50", "9999999999.99")]
    [InlineData("cop", "0.50", "99999999.99")]
    [InlineData("inr", "0.50", "9999999.99")]
    public void A_price_has_bounds(string code, string least, string greatest)
    {
        var currency = Currencies.Find(code)!;
        Assert.Equal((least, greatest), (currency.Plain(currency.Min), currency.Plain(currency.Max)));
        Assert.Contains($"from {least} to {greatest}", currency.WhyNeverPaid(currency.Min - 1));
        Assert.Contains($"from {least} to {greatest}", currency.WhyNeverPaid(currency.Max + 1));
        Assert.Null(currency.WhyNeverPaid(currency.Min));
    }

    [Theory]
    [InlineData("irr")]
    [InlineData("kpw")]
    [InlineData("cup")]
    [InlineData("syp")]
    public void In_some_currencies_nothing_can_be_charged(string code) =>
        Assert.Contains(code.ToUpperInvariant(), Currencies.Find(code)!.WhyNeverPaid(100_000));

    // Stripe refuses 5.124 KWD: amounts with three decimals have to end in 0.
    [Fact]
    public void Three_decimals_end_in_zero()
    {
        Assert.NotNull(Currencies.Find("kwd")!.WhyNeverPaid(5_124));
        Assert.Null(Currencies.Find("kwd")!.WhyNeverPaid(5_120));
    }

    [Fact]
    public void A_part_of_a_unit_is_no_price() =>
        Assert.NotEqual(new Money(4550, "isk"), Currencies.FromStripe(4550, "isk"));

    [Fact]
    public void What_may_be_listed_is_an_amount_that_Stripe_takes()
    {
        var random = new Random(1);
        foreach (var currency in Currencies.All.Where(currency => currency.IsCharged))
        {
            for (var i = 0; i < 10_000; i++)
            {
                var minor = random.NextInt64(currency.Min, currency.Max + 1) / currency.Step * currency.Step;
                if (currency.WhyNeverPaid(minor) is not null)
                    continue;
                var amount = Currencies.ToStripe(new(minor, currency.Code));
                Assert.True(amount % (currency is { Digits: 0, StripeFactor: 100 } ? 100 : currency.Step) == 0);
                Assert.Equal(new Money(minor, currency.Code), Currencies.FromStripe(amount, currency.Code));
            }
        }
    }
}
