using System.Net;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>
/// Stripe fails, loses replies and answers wrongly; each charge is made once and ends like its order.
/// </summary>
public sealed class StripeFaultTests : IAsyncLifetime
{
    readonly ShiftedClock clock = new();
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync() => payments = await PaymentsHost.Open(clock);
    public ValueTask DisposeAsync() => payments.DisposeAsync();

    public static TheoryData<string, string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string>();
            foreach (var call in (string[])["create", "confirm", "capture", "cancel", "refund"])
            {
                foreach (var fault in (string[])["fail-after-effect", "lose-reply", "unavailable", "rate-limit"])
                    faults.Add(call, fault);
            }

            return faults;
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Faults))]
    public async Task A_call_that_goes_wrong_is_made_good(string call, string fault)
    {
        await payments.Fault(call, fault, times: 3);   // Stripe.net itself tries three times
        var order = await payments.Order();
        // As a buyer is told to: who asks at once and again runs into the limit of tries.
        while (!(await payments.Pay(order, "pm_card_visa")).IsSuccessStatusCode)
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await payments.WaitFor(order, PaymentStatus.Authorized);
        if (call is "cancel")
        {
            await payments.Deliver(order, OrderStatus.Cancelled);
            await payments.WaitFor(order, PaymentStatus.Voided);
            Assert.Equal((0, 0, 0), await payments.Ledger());
            return;
        }

        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await payments.Ledger());
        await payments.Deliver(order, OrderStatus.Refunding);
        await payments.WaitFor(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await payments.Ledger());
    }

    [Fact]
    public async Task While_stripe_is_away_the_buyer_is_told_to_come_again_and_the_charge_is_not_forgotten()
    {
        await payments.Fault("*", "rate-limit", times: 1000);
        var order = await payments.Order();
        var answer = await payments.Pay(order, "pm_card_visa");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"),
            (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));

        await payments.ClearFaults();
        await payments.WaitFor(order, PaymentStatus.Authorized);   // without any further request
    }

    [Theory]
    [InlineData("rate-limit")]           // the call was not performed
    [InlineData("fail-after-effect")]    // the call was performed, and its reply lost
    public async Task After_an_outage_of_two_days_the_object_is_looked_up_before_the_call_is_made(string fault)
    {
        var order = await payments.Order();
        await payments.Paid(order);
        await payments.Fault("retrieve", "unavailable", times: 1000);
        await payments.Fault("capture", fault, times: 1000);
        await payments.Deliver(order, OrderStatus.Complete);
        await Eventually.Is(() =>
            payments.Service.Logs.All.Any(line => line.Contains("Capture", StringComparison.Ordinal)));
        Assert.Equal(EffectKind.Capture, (await payments.Stored(order)).Pending!.Kind);

        clock.Shift = TimeSpan.FromDays(2);
        await payments.ClearFaults();
        await payments.WaitFor(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await payments.Ledger());
    }

    [Fact]
    public async Task An_intent_whose_id_was_never_learned_is_found_after_days()
    {
        await payments.Fault("webhook:*", "drop", times: 100);   // it would carry the id
        await payments.Fault("create", "fail-after-effect", times: 3);
        await payments.Fault("create", "rate-limit", times: 1000);
        await payments.Fault("search", "unavailable", times: 1000);
        var order = await payments.Order();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await payments.Pay(order)).StatusCode);

        clock.Shift = TimeSpan.FromDays(2);
        await payments.ClearFaults();
        await Eventually.Is(async () => (await payments.Stored(order)).StripeId is not null);
        Assert.Equal(1, (await payments.AskStripe("/v1/payment_intents")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("fail-after-effect")]    // the card was charged, and Stripe keeps saying 500 under this key
    [InlineData("lose-reply")]
    [InlineData("unavailable")]          // nothing was created
    public async Task A_card_sent_with_the_intent_costs_nothing_if_the_order_ends_before_the_reply(string fault)
    {
        await payments.Fault("webhook:*", "drop", times: 100);
        await payments.Fault("create", fault, times: 3);
        await payments.Fault("create", "rate-limit", times: 1000);
        await payments.Fault("search", "unavailable", times: 1000);
        var order = await payments.Order();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await payments.Pay(order, "pm_card_visa")).StatusCode);
        await payments.Deliver(order, OrderStatus.Cancelled);

        await payments.ClearFaults();
        await payments.WaitFor(order, PaymentStatus.Voided);
        Assert.Equal((0, 0, 0), await payments.Ledger());
        Assert.Equal(1, (await payments.AskStripe("/v1/payment_intents")).GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData(49, "usd", "amount_too_small")]
    [InlineData(100_000_000, "usd", "amount_too_large")]
    [InlineData(5000, "ghs", "invalid_request")]
    public async Task An_amount_that_stripe_refuses_is_not_blamed_on_the_card(long amount, string currency, string code)
    {
        var id = OrderId.Parse("refused-1", null);
        await payments.Deliver(payments.Snapshot(id, OrderStatus.AwaitingPayment) with { Price = new(amount, currency) });
        var answer = await payments.Pay(id, "pm_card_visa");
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.Conflict, "/problems/order-not-payable", code), (answer.StatusCode,
            problem.GetProperty("type").GetString(), problem.GetProperty("code").GetString()));
        await payments.WaitFor(id, PaymentStatus.Failed);
    }

    [Fact]
    public async Task A_charge_that_stripe_will_never_have_fails_for_good()
    {
        var id = OrderId.Parse("dear-1", null);
        await payments.Deliver(payments.Snapshot(id,
            OrderStatus.AwaitingPayment) with
        { Price = new(100_000_000, "usd") });
        Assert.Equal(HttpStatusCode.Conflict, (await payments.Pay(id)).StatusCode);
        await payments.WaitFor(id, PaymentStatus.Failed);
        await payments.WaitForEvent(id, PaymentEvents.Failed);
    }
}
