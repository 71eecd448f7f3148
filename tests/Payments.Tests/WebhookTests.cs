using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stripe;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync() => payments = await PaymentsHost.Open();
    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task What_a_browser_paid_is_known_without_anybody_asking()
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        await payments.WaitFor(order, PaymentStatus.Authorized);
        Assert.Contains(payments.Service.Logs.All, line =>
            line.Contains("Stripe sent the event", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refused_cards_of_a_browser_count()
    {
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        foreach (var left in (int[])[2, 1])
        {
            await payments.Confirm(payment, "pm_card_visa_chargeDeclined");
            await Eventually.Is(async () => (await payments.Stored(order)).Snapshot().AttemptsLeft == left);
        }

        await payments.Confirm(payment, "pm_card_visa_chargeDeclined");
        await payments.WaitFor(order, PaymentStatus.Failed);
    }

    [Fact]
    public async Task A_refused_card_that_is_told_late_counts_all_the_same()
    {
        await payments.Fault("webhook:payment_intent.payment_failed", "hold", times: 2);
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        await payments.Confirm(payment, "pm_card_visa_chargeDeclined");
        await payments.Confirm(payment, "pm_card_chargeDeclinedExpiredCard");
        await payments.Stripe.PostAsync("/local/webhooks/release", null);   // the newest first
        await Eventually.Is(async () => (await payments.Stored(order)).Declines.Length is 2);
    }

    [Fact]
    public async Task Twice_late_and_out_of_order_changes_nothing()
    {
        await payments.Fault("webhook:payment_intent.amount_capturable_updated", "hold");
        await payments.Fault("webhook:charge.succeeded", "hold");
        await payments.Fault("webhook:payment_intent.succeeded", "duplicate");
        await payments.Fault("webhook:charge.captured", "duplicate");
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        Assert.Equal("authorized", (await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("status").GetString());
        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        var before = (await payments.Stored(order)).Version;

        Assert.Equal("2", await (await payments.Stripe.PostAsync("/local/webhooks/release", null))
            .Content.ReadAsStringAsync());
        await Eventually.Is(() =>
            payments.Service.Logs.All.Any(line =>
                line.Contains("amount_capturable_updated", StringComparison.Ordinal)));
        Assert.Equal((PaymentStatus.Captured, before),
            ((await payments.Stored(order)).Status, (await payments.Stored(order)).Version));
        Assert.Equal((4550, 0, 0), await payments.Ledger(order));
    }

    [Fact]
    public async Task A_webhook_that_never_comes_is_not_needed()
    {
        await payments.Fault("webhook:*", "drop", times: 100);
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        await payments.WaitFor(order, PaymentStatus.Authorized);   // the repeat asks Stripe
    }

    [Fact]
    public async Task The_same_event_a_hundred_times_is_one()
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_visa");
        await payments.WaitFor(order, PaymentStatus.Authorized);
        var before = (await payments.Stored(order)).Version;
        var news = await Event(order);
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Send(news)));
        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(before, (await payments.Stored(order)).Version);
    }

    [Fact]
    public async Task While_stripe_does_not_tell_how_it_stands_the_event_is_wanted_again()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var news = await Event(order);
        await payments.Fault("retrieve", "unavailable", times: 100);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Send(news));
        await payments.ClearFaults();
        Assert.Equal(HttpStatusCode.OK, await Send(news));
    }

    [Theory]
    [InlineData("no signature", 400)]
    [InlineData("wrong secret", 400)]
    [InlineData("301 s old", 400)]
    [InlineData("301 s ahead", 400)]
    [InlineData("only v0", 400)]
    [InlineData("t is no number", 400)]
    [InlineData("t is huge", 400)]
    [InlineData("an endless header", 400)]
    [InlineData("another body", 400)]
    [InlineData("no UTF-8", 400)]
    [InlineData("no JSON", 400)]
    [InlineData("null", 400)]
    [InlineData("an array", 400)]
    [InlineData("a text", 400)]
    [InlineData("endless nesting", 400)]
    [InlineData("live mode", 400)]
    [InlineData("another account", 400)]
    [InlineData("a thin event", 200)]
    [InlineData("an empty object", 200)]
    [InlineData("a type of the wrong kind", 200)]
    [InlineData("no data", 200)]
    [InlineData("no object", 200)]
    [InlineData("an object that is a number", 200)]
    [InlineData("an object of an unknown kind", 200)]
    [InlineData("an unknown kind with our metadata", 200)]
    [InlineData("metadata that is a list", 200)]
    [InlineData("an id that is a number", 200)]
    [InlineData("half a surrogate", 200)]
    [InlineData("twenty deep", 200)]
    [InlineData("an account of null", 200)]
    [InlineData("another life of the order", 200)]
    [InlineData("several v1, one of them right", 200)]
    [InlineData("the old secret", 200)]
    [InlineData("another version", 200)]
    [InlineData("unknown type", 200)]
    [InlineData("unknown order", 200)]
    [InlineData("another intent", 200)]
    [InlineData("no metadata", 200)]
    public async Task A_hostile_or_foreign_event_changes_nothing(string what, int status)
    {
        await payments.Fault("webhook:*", "drop", times: 100);
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        await payments.Confirm(payment, "pm_card_visa");
        var news = await Event(order);
        var isAccepted = what is "several v1, one of them right" or "the old secret" or "another version"
            or "an account of null" or "twenty deep";
        var (body, signature) = Craft(what, news);

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payments/webhooks/stripe") { Content = body };
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("Stripe-Signature", signature);
        Assert.Equal(status, (int)(await payments.Service.Anonymous.SendAsync(request)).StatusCode);
        Assert.Equal(isAccepted ? PaymentStatus.Authorized : PaymentStatus.Opened,
            (await payments.Stored(order)).Status);
    }

    [Fact]
    public async Task An_amount_that_was_changed_at_stripe_is_not_believed()
    {
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        await payments.AskStripe(
            $"/v1/payment_intents/{payment.GetProperty("stripeId").GetString()}", new { amount = "60" });
        await payments.Confirm(payment, "pm_card_visa");
        await Eventually.Is(() => payments.Service.Logs.All.Any(
            line => line.Contains("is not believed: amount-differs", StringComparison.Ordinal)));
        // It can never pay for the order: what is held is given back without waiting for the order's end.
        await payments.WaitFor(order, PaymentStatus.Failed);
        Assert.Equal((0, 0, 0), await payments.Ledger(order));
        Assert.Equal("canceled", (string?)(await payments.Intent(order))["status"]);
    }

    static (ByteArrayContent Body, string? Signature) Craft(string what, JsonObject news)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var text = what switch
        {
            "no JSON" => "nonsense",
            "null" => "null",
            "an array" => "[1]",
            "a text" => "\"evt_1\"",
            "endless nesting" => $"{{\"id\":{new string('[', 20_000)}",
            "an empty object" => "{}",
            "a thin event" => """{"object":"v2.core.event","id":"evt_1","type":"v2.core.account.updated"}""",
            _ => null,
        };
        if (text is null)
        {
            var about = news["data"]!["object"]!;
            if (what is "another version") news["api_version"] = "2020-08-27";
            if (what is "live mode") news["livemode"] = true;
            if (what is "another account") news["account"] = "acct_connected";
            if (what is "an account of null") news["account"] = null;
            if (what is "a type of the wrong kind") news["type"] = 7;
            if (what is "no data") news.Remove("data");
            if (what is "no object") news["data"] = new JsonObject();
            if (what is "an object that is a number") news["data"] = new JsonObject { ["object"] = 7 };
            if (what is "an object of an unknown kind")
                news["data"] = new JsonObject { ["object"] = new JsonObject { ["object"] = "quantum_flux", ["id"] = "qf_1" } };
            if (what is "an unknown kind with our metadata") (news["type"], about["object"]) = ("x.y", "quantum_flux");
            if (what is "metadata that is a list") about["metadata"] = new JsonArray(1, "orderId");
            if (what is "an id that is a number") about["id"] = 5;
            if (what is "half a surrogate") about["id"] = "HALF";
            if (what is "twenty deep") about["unknown"] = JsonNode.Parse(new string('[', 20) + new string(']', 20));
            if (what is "another life of the order") about["metadata"]!["payment"] = "another";
            if (what is "unknown type") (news["type"], about["object"]) = ("radar.review.opened", "review");
            if (what is "unknown order") about["metadata"]!["orderId"] = "nothere-1";
            if (what is "another intent") about["id"] = "pi_another";
            if (what is "no metadata") about["metadata"] = null;
            text = news.ToJsonString().Replace("\"HALF\"", "\"\\ud800\"", StringComparison.Ordinal);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (what is "no UTF-8") bytes = [.. bytes[..^1], 0xff, bytes[^1]];
        var secret = what switch
        {
            "wrong secret" => "whsec_wrong",
            "the old secret" => PaymentsHost.WebhookSecret,
            _ => "whsec_new",
        };
        var at = what switch { "301 s old" => now - 302, "301 s ahead" => now + 302, _ => now };
        var good = EventUtility.GenerateSignatureHeader(text, secret, at);
        var (t, v1) = (good.Split(',')[0], good.Split(',')[1]);
        string? signature = what switch
        {
            "no signature" => null,
            "only v0" => $"{t},v0={v1[3..]}",
            "t is no number" => $"t=now,{v1}",
            "t is huge" => $"t=99999999999999999999,{v1}",
            "an endless header" => $"{good},{new string('x', 10_000)}",
            "several v1, one of them right" => $"{t},v1={new string('0', 64)},{v1}",
            _ => good,
        };
        if (what is "another body")
            bytes = Encoding.UTF8.GetBytes(text.Replace("4550", "4551", StringComparison.Ordinal));
        var body = new ByteArrayContent(bytes);
        body.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        return (body, signature);
    }

    /// <summary>The event that Stripe would send about the payment now.</summary>
    async Task<JsonObject> Event(OrderId order) => SignedEvents.Of(
        "payment_intent.amount_capturable_updated", await payments.Intent(order), $"evt_{order}");

    async Task<HttpStatusCode> Send(JsonObject news) => (await payments.Send(news)).StatusCode;
}
