using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>The price that was ordered is what Stripe charges and what the receipt shows, in every currency.</summary>
public sealed class CurrencyPaymentTests
{
    [Fact]
    public async Task Every_currency_is_charged_and_refunded_at_the_price_of_the_order()
    {
        await using var payments = await PaymentsHost.Open(settings: "--RateLimits:Multiplier=1000");
        await payments.Fault("webhook:*", "drop", times: 100_000);
        var random = new Random(1);
        var prices = (from currency in Currencies.All
                      where currency.IsCharged
                      let amount = random.NextInt64(currency.Min, currency.Max + 1)
                      select new Money(Payable(currency, amount), currency.Code)).ToList();
        Assert.True(prices.Count > 120);
        await Parallel.ForEachAsync(prices, new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (price, _) => await AssertPaid(payments, price));
    }

    static async Task AssertPaid(PaymentsHost payments, Money price)
    {
        var id = new OrderId(TicketId.From(Guid.NewGuid().ToByteArray()), 1);
        OrderSnapshot Order(OrderStatus status) => payments.Snapshot(id, status) with { Price = price };

        await payments.Deliver(Order(OrderStatus.AwaitingPayment));
        await payments.Paid(id);
        await payments.Deliver(Order(OrderStatus.Complete));
        await payments.WaitFor(id, PaymentStatus.Captured);
        // Written here once more: the shop's own table may not be the judge of itself.
        var stripes = price.Currency is "isk" or "ugx" ? price.Amount * 100 : price.Amount;
        var intent = await payments.AskStripe($"/v1/payment_intents/{(await payments.Stored(id)).StripeId}");
        Assert.Equal((stripes, stripes, price.Currency), (intent.GetProperty("amount").GetInt64(),
            intent.GetProperty("amount_received").GetInt64(), intent.GetProperty("currency").GetString()));

        await payments.Deliver(Order(OrderStatus.Refunding));
        await payments.WaitFor(id, PaymentStatus.Refunded);
        Assert.Equal((stripes, stripes, 0L), await payments.Ledger(id));
        var view = await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{id}");
        Assert.Equal((price.Amount, price.Currency),
            (view.GetProperty("amount").GetInt64(), view.GetProperty("currency").GetString()));
    }

    static long Payable(Currency currency, long amount)
    {
        var payable = amount / currency.Step * currency.Step;
        if (payable < currency.Min)
            payable += currency.Step;
        Assert.Null(currency.WhyNeverPaid(payable));
        return payable;
    }
}
