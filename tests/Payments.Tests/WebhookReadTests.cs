using System.Net;
using System.Text.Json.Nodes;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>How often Stripe is asked, however many events come.</summary>
public sealed class WebhookReadTests : IAsyncLifetime
{
    static readonly string[] Authorized = ["payment_intent.amount_capturable_updated", "charge.succeeded"];
    static readonly string[] Captured = ["payment_intent.succeeded", "charge.captured"];
    static readonly string[] Beginning = ["payment_intent.created", "payment_intent.requires_action"];

    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync()
    {
        payments = await PaymentsHost.Open();
        await payments.Fault("webhook:*", "drop", times: 1_000);
    }

    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task A_hundred_events_at_once_that_all_tell_news_make_one_read()
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        var intent = await payments.Intent(order);
        await payments.CountReads();
        await AssertTaken(Enumerable.Range(0, 100).Select(n => News(Authorized[n % 2], intent)));
        Assert.Equal(PaymentStatus.Authorized, (await payments.Stored(order)).Status);
        Assert.InRange(await payments.Reads(), 1, 1);
    }

    [Fact]
    public async Task One_after_the_other_they_make_one_read_too()
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        var intent = await payments.Intent(order);
        await payments.CountReads();
        for (var n = 0; n < 20; n++)
            await AssertTaken([News(Authorized[n % 2], intent)]);
        Assert.Equal(1, await payments.Reads());
    }

    [Fact]
    public async Task What_our_own_calls_have_told_already_is_not_read()
    {
        var order = await payments.Order();
        await payments.Paid(order);
        var intent = await payments.Intent(order);
        await payments.CountReads();
        await AssertTaken([.. Beginning, .. Authorized], intent);
        Assert.Equal(0, await payments.Reads());

        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        await AssertTaken([.. Beginning, .. Authorized, .. Captured], intent);
        Assert.Equal(0, await payments.Reads());

        await payments.Deliver(order, OrderStatus.Refunding);
        await payments.WaitFor(order, PaymentStatus.Refunded);
        await AssertTaken([.. Beginning, .. Authorized, .. Captured, "charge.refunded"], intent);
        Assert.Equal(0, await payments.Reads());
    }

    [Fact]
    public async Task What_was_cancelled_here_is_not_read_when_stripe_says_so()
    {
        var order = await payments.Order();
        await payments.Paid(order);
        var intent = await payments.Intent(order);
        await payments.Deliver(order, OrderStatus.Cancelled);
        await payments.WaitFor(order, PaymentStatus.Voided);
        await payments.CountReads();
        await AssertTaken([.. Authorized, "payment_intent.canceled", "charge.expired"], intent);
        Assert.Equal(0, await payments.Reads());
    }

    [Fact]
    public async Task Types_of_no_consequence_are_not_read()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var intent = await payments.Intent(order);
        await payments.CountReads();
        await AssertTaken(["payment_intent.invented", "charge.updated", "payment_intent.created"], intent);
        Assert.Equal(0, await payments.Reads());
    }

    // The secret of the webhook may leak: whoever signs with it can have Stripe asked, and no more.
    [Fact]
    public async Task An_event_that_stripe_does_not_confirm_changes_nothing()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var intent = await payments.Intent(order);
        (intent["status"], intent["amount_received"]) = ("succeeded", 4550);
        await AssertTaken([.. Captured, .. Authorized, "payment_intent.canceled", "charge.refunded"], intent);
        Assert.Equal(PaymentStatus.Opened, (await payments.Stored(order)).Status);
    }

    // The events of a call come while its reply is under way.
    [Fact]
    public async Task An_event_waits_for_the_reply_to_our_own_call()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var intent = await payments.Intent(order);
        await payments.CountReads();
        await payments.Fault("confirm", "hang", milliseconds: 500);
        var paying = payments.Paid(order, "pm_card_visa");
        await Testing.Eventually.Is(async () => (await payments.Stored(order)).Pending is not null);
        await AssertTaken(Authorized, intent);
        await paying;
        Assert.Equal(0, await payments.Reads());
    }

    Task AssertTaken(IEnumerable<string> types, JsonNode intent) =>
        AssertTaken(types.Select(type => News(type, intent)));

    async Task AssertTaken(IEnumerable<JsonObject> news) => Assert.All(
        await Task.WhenAll(news.Select(payments.Send)), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));

    static JsonObject News(string type, JsonNode intent) => SignedEvents.Of(type,
        type.StartsWith("charge.", StringComparison.Ordinal) ? SignedEvents.ChargeOf(intent) : intent.DeepClone());
}
