using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

public sealed class PayTests : IAsyncLifetime
{
    PaymentsHost payments = null!;

    public async ValueTask InitializeAsync() => payments = await PaymentsHost.Open();
    public ValueTask DisposeAsync() => payments.DisposeAsync();

    [Fact]
    public async Task A_payment_is_opened_once_and_found_again()
    {
        var order = await payments.Order();
        var opened = await payments.Pay(order);
        Assert.Equal((HttpStatusCode.Created, $"/api/payments/{order}"),
            (opened.StatusCode, opened.Headers.Location!.ToString()));
        var payment = await opened.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("opened", 4550, "usd", 3),
            (payment.GetProperty("status").GetString(), payment.GetProperty("amount").GetInt64(),
            payment.GetProperty("currency").GetString(), payment.GetProperty("attemptsLeft").GetInt32()));
        Assert.Contains("_secret_", payment.GetProperty("clientSecret").GetString());

        var again = await payments.Pay(order);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(payment.GetRawText(), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
        Assert.Equal(payment.GetRawText(), await payments.Client.GetStringAsync($"/api/payments/{order}"));
    }

    [Fact]
    public async Task Money_is_taken_when_the_order_is_complete_and_given_back_when_it_is_refunded()
    {
        var order = await payments.Order();
        var paid = await payments.Paid(order);
        Assert.Equal("authorized", paid.GetProperty("status").GetString());
        Assert.False(paid.TryGetProperty("clientSecret", out _));
        Assert.Equal((0, 0, 4550), await payments.Ledger(order));

        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await payments.Ledger(order));

        await payments.Deliver(order, OrderStatus.Refunding);
        await payments.WaitFor(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await payments.Ledger(order));
        Assert.StartsWith("re_", (await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("stripeRefundId").GetString());
        await payments.WaitForEvent(order, PaymentEvents.Refunded);
        // That it was opened is not announced: nobody acts on it.
        Assert.Equal([PaymentEvents.Authorized, PaymentEvents.Captured, PaymentEvents.Refunded],
            payments.Service.Sidecar.Published.Where(e => e.Subject == order).Select(e => e.Type).Distinct());
    }

    [Theory]
    [InlineData("pm_card_visa", "visa", "4242")]
    [InlineData("pm_card_mastercard", "mastercard", "4444")]
    [InlineData("pm_card_amex", "amex", "0005")]
    public async Task The_card_and_the_times_are_shown_for_the_receipt(string method, string brand, string last4)
    {
        var order = await payments.Order();
        Assert.False((await payments.Paid(order, null)).TryGetProperty("card", out _));
        await payments.Pay(order, "pm_card_visa_chargeDeclined");
        Assert.Null((await payments.Stored(order)).Card);       // a declined card paid nothing
        var card = (await payments.Paid(order, method)).GetProperty("card");
        Assert.Equal($$"""{"brand":"{{brand}}","last4":"{{last4}}"}""", card.GetRawText());

        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        await payments.Deliver(order, OrderStatus.Refunding);
        await payments.WaitFor(order, PaymentStatus.Refunded);
        var view = await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}");
        var (captured, refunded) =
            (view.GetProperty("capturedAt").GetDateTimeOffset(), view.GetProperty("refundedAt").GetDateTimeOffset());
        Assert.InRange(captured, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.InRange(refunded, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        Assert.Equal(last4, view.GetProperty("card").GetProperty("last4").GetString());
    }

    [Fact]
    public async Task A_card_typed_in_the_browser_is_shown_too()
    {
        var order = await payments.Order();
        await payments.Confirm(await payments.Paid(order, null), "pm_card_mastercard");
        await payments.WaitFor(order, PaymentStatus.Authorized);
        Assert.Equal(new CardShown("mastercard", "4444"), (await payments.Stored(order)).Card);
    }

    [Fact]
    public async Task Paid_too_late_costs_nothing()
    {
        var order = await payments.Order();
        await payments.Paid(order);
        await payments.Deliver(order, OrderStatus.Cancelled);
        await payments.WaitFor(order, PaymentStatus.Voided);
        Assert.Equal((0, 0, 0), await payments.Ledger(order));
        Assert.Equal(HttpStatusCode.Conflict, (await payments.Pay(order, "pm_card_visa")).StatusCode);
    }

    [Fact]
    public async Task A_soft_decline_leaves_another_try()
    {
        var order = await payments.Order();
        var declined = await payments.Pay(order, "pm_card_visa_chargeDeclinedInsufficientFunds");
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        var problem = await declined.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/problems/card-declined", "insufficient_funds", 2), (problem.GetProperty("type").GetString(),
            problem.GetProperty("declineCode").GetString(), problem.GetProperty("attemptsLeft").GetInt32()));

        Assert.Equal("authorized", (await payments.Paid(order)).GetProperty("status").GetString());
        await payments.WaitForEvent(order, PaymentEvents.Declined);
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard")]
    [InlineData("pm_card_visa_chargeDeclined", "pm_card_chargeDeclinedExpiredCard",
        "pm_card_chargeDeclinedIncorrectCvc")]
    public async Task A_stolen_card_or_one_refusal_too_many_ends_the_payment(params string[] cards)
    {
        var order = await payments.Order();
        foreach (var card in cards)
            Assert.Equal(HttpStatusCode.PaymentRequired, (await payments.Pay(order, card)).StatusCode);
        await payments.WaitForEvent(order, PaymentEvents.Failed);
        await payments.WaitFor(order, PaymentStatus.Failed);

        var after = await payments.Pay(order, "pm_card_visa");
        Assert.Equal(HttpStatusCode.Conflict, after.StatusCode);
        Assert.Equal("/problems/order-not-payable",
            (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        var intent = await payments.AskStripe($"/v1/payment_intents/{(await payments.Stored(order)).StripeId}");
        Assert.Equal("canceled", intent.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("complete", "authorized", 3)]
    [InlineData("fail", "opened", 2)]
    public async Task After_three_d_secure_the_buyer_sees_how_it_went(string outcome, string status, int attemptsLeft)
    {
        var order = await payments.Order();
        var waiting = await payments.Paid(order, "pm_card_threeDSecure2Required");
        Assert.Equal("requiresAction", waiting.GetProperty("status").GetString());
        await payments.Challenge(waiting, outcome);

        var after = await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}");
        Assert.Equal((status, attemptsLeft),
            (after.GetProperty("status").GetString(), after.GetProperty("attemptsLeft").GetInt32()));
    }

    [Fact]
    public async Task A_bank_that_takes_its_time_is_waited_for()
    {
        var order = await payments.Order();
        Assert.Equal("opened", (await payments.Paid(order, "pm_card_processing")).GetProperty("status").GetString());
        await payments.WaitFor(order, PaymentStatus.Authorized);
    }

    [Fact]
    public async Task Fifty_clicks_at_once_are_one_charge()
    {
        var order = await payments.Order();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => payments.Pay(order, "pm_card_visa")));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}"));
        await payments.Deliver(order, OrderStatus.Complete);
        await payments.WaitFor(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await payments.Ledger());
        Assert.Equal(1,
            (await payments.AskStripe("/v1/payment_intents?limit=10")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_pays_or_sees_what_is_not_his()
    {
        var order = await payments.Order();
        await payments.Paid(order, null);
        var stranger = payments.Service.As("stranger");
        Assert.Equal(HttpStatusCode.NotFound, (await payments.Pay(order, "pm_card_visa", stranger)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/payments/{order}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await payments.Pay(order, null, payments.Service.Anonymous)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await payments.Service.Anonymous.GetAsync($"/api/payments/{order}")).StatusCode);
    }

    [Theory]
    [InlineData("""{"orderId":"t1-1","paymentMethod":"tok_visa"}""", 400)]
    [InlineData("""{"orderId":"t1-1","paymentMethod":"pm_"}""", 400)]
    [InlineData("""{"orderId":"t1-1","paymentMethod":7}""", 400)]
    [InlineData("""{"paymentMethod":"pm_card_visa"}""", 400)]
    [InlineData("""{"orderId":"../../orders"}""", 404)]
    [InlineData("null", 400)]
    [InlineData("", 400)]
    public async Task A_request_with_mistakes_changes_nothing(string body, int status)
    {
        var answer =
            await payments.Client.PostAsync("/api/payments", new StringContent(body, null, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty((await payments.AskStripe("/v1/payment_intents")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_method_that_stripe_does_not_know_costs_no_attempt()
    {
        var order = await payments.Order();
        var refused = await payments.Pay(order, "pm_nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(3, (await payments.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("attemptsLeft").GetInt32());
    }

    [Fact]
    public async Task The_browser_is_told_what_to_load()
    {
        var config = await payments.Service.Anonymous.GetFromJsonAsync<JsonElement>("/api/payments/config");
        Assert.Equal(("pk_test_shop", "https://js.stripe.com/v3/"),
            (config.GetProperty("publishableKey").GetString(), config.GetProperty("scriptUrl").GetString()));
    }

    [Fact]
    public async Task Money_where_it_must_not_be_is_told_to_the_operators()
    {
        var order = await payments.Order();
        var paid = await payments.Paid(order);
        // Somebody captures by hand at Stripe, while the order still waits.
        await payments.AskStripe($"/v1/payment_intents/{paid.GetProperty("stripeId").GetString()}/capture", new { });
        await payments.WaitFor(order, PaymentStatus.Captured);
        await Eventually.Is(() => payments.Service.Logs.All.Any(line =>
            line.Contains($"payment:{order}", StringComparison.Ordinal)
            && line.Contains("money", StringComparison.Ordinal)));

        await payments.Deliver(order, OrderStatus.Cancelled);
        await payments.WaitFor(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await payments.Ledger(order));
    }

    [Fact]
    public async Task No_secret_and_no_token_is_logged()
    {
        var order = await payments.Order();
        var payment = await payments.Paid(order, null);
        await payments.Paid(order);
        Assert.All(payments.Service.Logs.All, line =>
        {
            Assert.DoesNotContain(payment.GetProperty("clientSecret").GetString()!, line);
            Assert.DoesNotContain("sk_test_shop", line);
            Assert.DoesNotContain("pm_card_visa", line);
        });
    }
}
