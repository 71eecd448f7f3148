using System.Net;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>Stripe fails, lies and loses replies; each charge is made once, and ends where its order ends.</summary>
public sealed class StripeFaultTests : IAsyncLifetime
{
    readonly ShiftedClock clock = new();
    Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.Open(clock);
    public ValueTask DisposeAsync() => shop.DisposeAsync();

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

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_call_that_goes_wrong_is_made_good(string call, string fault)
    {
        await shop.Fault(call, fault, times: 3);   // Stripe.net itself tries three times
        var order = await shop.Order();
        await Eventually.Is(async () => (await shop.Pay(order, "pm_card_visa")).IsSuccessStatusCode);
        await shop.Becomes(order, PaymentStatus.Authorized);
        if (call is "cancel")
        {
            await shop.Tell(order, OrderStatus.Cancelled);
            await shop.Becomes(order, PaymentStatus.Voided);
            Assert.Equal((0, 0, 0), await shop.Ledger());
            return;
        }

        await shop.Tell(order, OrderStatus.Complete);
        await shop.Becomes(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await shop.Ledger());
        await shop.Tell(order, OrderStatus.Refunding);
        await shop.Becomes(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await shop.Ledger());
    }

    [Fact]
    public async Task While_stripe_is_away_the_buyer_is_told_to_come_again_and_the_charge_is_not_forgotten()
    {
        await shop.Fault("*", "rate-limit", times: 1000);
        var order = await shop.Order();
        var answer = await shop.Pay(order, "pm_card_visa");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"),
            (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));

        await shop.Heal();
        await shop.Becomes(order, PaymentStatus.Authorized);   // without anybody asking
    }

    [Theory]
    [InlineData("rate-limit")]           // it was never done
    [InlineData("fail-after-effect")]    // it was done, and nobody told
    public async Task After_an_outage_of_two_days_the_object_is_looked_up_before_the_call_is_made(string fault)
    {
        var order = await shop.Order();
        await shop.Paid(order);
        await shop.Fault("retrieve", "unavailable", times: 1000);
        await shop.Fault("capture", fault, times: 1000);
        await shop.Tell(order, OrderStatus.Complete);
        await Eventually.Is(() =>
            shop.Payments.Logs.All.Any(line => line.Contains("Capture", StringComparison.Ordinal)));
        Assert.Equal(EffectKind.Capture, (await shop.Stored(order)).Pending!.Kind);

        clock.Shift = TimeSpan.FromDays(2);
        await shop.Heal();
        await shop.Becomes(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await shop.Ledger());
    }

    [Fact]
    public async Task An_intent_whose_id_was_never_learned_is_found_after_days()
    {
        await shop.Fault("webhook:*", "drop", times: 100);   // it would bring the id
        await shop.Fault("create", "fail-after-effect", times: 3);
        await shop.Fault("create", "rate-limit", times: 1000);
        await shop.Fault("search", "unavailable", times: 1000);
        var order = await shop.Order();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await shop.Pay(order)).StatusCode);

        clock.Shift = TimeSpan.FromDays(2);
        await shop.Heal();
        await Eventually.Is(async () => (await shop.Stored(order)).StripeId is not null);
        Assert.Equal(1, (await shop.AskStripe("/v1/payment_intents")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task A_charge_that_stripe_will_never_have_fails_for_good()
    {
        var id = OrderId.Parse("dear-1", null);
        await shop.Tell(shop.Snapshot(id, OrderStatus.AwaitingPayment) with { Price = new(100_000_000, "usd") });
        Assert.Equal(HttpStatusCode.Conflict, (await shop.Pay(id)).StatusCode);
        await shop.Becomes(id, PaymentStatus.Failed);
        Assert.Contains(shop.Payments.Sidecar.Published, e => e.Subject == id && e.Type == PaymentEvents.Failed);
    }
}
