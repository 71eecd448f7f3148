using System.Text.Json;
using System.Text.Json.Nodes;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>
/// After a restore from a backup, an order id is given again, to another buyer, while Stripe still has what was paid
/// under it.
/// </summary>
public sealed class RestoreTests : IAsyncLifetime
{
    const string Second = "secondbuyer";
    static readonly OrderId Order = OrderId.Parse("again-1", null);

    readonly ShiftedClock clock = new();
    PaymentsHost payments = null!;
    JsonNode lost = null!;

    public async ValueTask InitializeAsync()
    {
        payments = await PaymentsHost.Open(clock);
        await payments.Deliver(Order, OrderStatus.AwaitingPayment);
        await payments.Paid(Order);
        lost = await payments.Intent(Order);
        await payments.Reopen();        // with an empty store, and the same Stripe
        await payments.Deliver(Of(OrderStatus.AwaitingPayment));
    }

    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task The_new_buyer_pays_and_is_refunded_by_a_payment_intent_of_their_own()
    {
        var paid = await PaidBySecond();
        var intent = paid.GetProperty("stripeId").GetString()!;
        Assert.NotEqual((string?)lost["id"], intent);
        Assert.Equal(9_100, (await payments.Ledger()).Held);

        await payments.Deliver(Of(OrderStatus.Complete));
        await payments.WaitFor(Order, PaymentStatus.Captured);
        await payments.Deliver(Of(OrderStatus.Refunding));
        await payments.WaitFor(Order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await payments.Ledger(Order));
        Assert.Equal("requires_capture", await StatusOfLost());
    }

    [Fact]
    public async Task Cancelling_the_new_order_leaves_the_old_one_alone()
    {
        await PaidBySecond();
        await payments.Deliver(Of(OrderStatus.Cancelled));
        await payments.WaitFor(Order, PaymentStatus.Voided);
        Assert.Equal("requires_capture", await StatusOfLost());
    }

    [Fact]
    public async Task An_event_about_the_old_payment_intent_changes_nothing()
    {
        using var second = payments.Service.As(Second);
        await payments.Pay(Order, null, second);
        await payments.AskStripe($"/v1/payment_intents/{lost["id"]}/capture", new { });
        foreach (var type in (string[])["payment_intent.succeeded", "payment_intent.amount_capturable_updated"])
            Assert.True((await payments.Send(SignedEvents.Of(type, lost.DeepClone()))).IsSuccessStatusCode);
        var payment = await payments.Stored(Order);
        Assert.Equal(PaymentStatus.Opened, payment.Status);
        Assert.NotEqual((string?)lost["id"], payment.StripeId);
    }

    // Its id was never learned, and its key is old: it is looked for at Stripe, which knows the old one.
    [Fact]
    public async Task The_search_for_a_lost_reply_does_not_find_the_old_payment_intent()
    {
        await payments.Fault("webhook:*", "drop", times: 100);
        await payments.Fault("create", "rate-limit", times: 1_000);
        using var second = payments.Service.As(Second);
        await payments.Pay(Order, null, second);
        clock.Shift = TimeSpan.FromDays(2);
        await payments.ClearFaults();
        await Eventually.Is(async () => (await payments.Stored(Order)).StripeId is not null);
        Assert.NotEqual((string?)lost["id"], (await payments.Stored(Order)).StripeId);
    }

    [Fact]
    public async Task A_payment_intent_with_another_buyer_in_it_is_not_believed()
    {
        var paid = await PaidBySecond(card: null);
        await payments.AskStripe($"/v1/payment_intents/{paid.GetProperty("stripeId").GetString()}",
            new Dictionary<string, string> { ["metadata[buyer]"] = "somebodyelse" });
        await payments.Confirm(paid, "pm_card_visa");
        await Eventually.Is(() => payments.Service.Logs.All.Any(
            line => line.Contains("is not believed: other-payment", StringComparison.Ordinal)));
        Assert.Equal(PaymentStatus.Opened, (await payments.Stored(Order)).Status);
    }

    OrderSnapshot Of(OrderStatus status) => payments.Snapshot(Order, status) with { Buyer = UserId.Parse(Second, null) };

    async Task<JsonElement> PaidBySecond(string? card = "pm_card_visa")
    {
        using var second = payments.Service.As(Second);
        var answer = await payments.Pay(Order, card, second);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }

    async Task<string?> StatusOfLost() =>
        (await payments.AskStripe($"/v1/payment_intents/{lost["id"]}")).GetProperty("status").GetString();
}
