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
}
