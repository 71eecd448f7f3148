using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

public sealed class PayTests : IAsyncLifetime
{
    Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.Open();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task A_payment_is_opened_once_and_found_again()
    {
        var order = await shop.Order();
        var opened = await shop.Pay(order);
        Assert.Equal((HttpStatusCode.Created, $"/api/payments/{order}"),
            (opened.StatusCode, opened.Headers.Location!.ToString()));
        var payment = await opened.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("opened", 4550, "usd", 3),
            (payment.GetProperty("status").GetString(), payment.GetProperty("amount").GetInt64(),
            payment.GetProperty("currency").GetString(), payment.GetProperty("attemptsLeft").GetInt32()));
        Assert.Contains("_secret_", payment.GetProperty("clientSecret").GetString());

        var again = await shop.Pay(order);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(payment.GetRawText(), (await again.Content.ReadFromJsonAsync<JsonElement>()).GetRawText());
        Assert.Equal(payment.GetRawText(), await shop.Client.GetStringAsync($"/api/payments/{order}"));
    }

    [Fact]
    public async Task Money_is_taken_when_the_order_is_complete_and_given_back_when_it_is_refunded()
    {
        var order = await shop.Order();
        var paid = await shop.Paid(order);
        Assert.Equal("authorized", paid.GetProperty("status").GetString());
        Assert.False(paid.TryGetProperty("clientSecret", out _));
        Assert.Equal((0, 0, 4550), await shop.Ledger(order));

        await shop.Tell(order, OrderStatus.Complete);
        await shop.Becomes(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await shop.Ledger(order));

        await shop.Tell(order, OrderStatus.Refunding);
        await shop.Becomes(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await shop.Ledger(order));
        Assert.StartsWith("re_", (await shop.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("stripeRefundId").GetString());
        Assert.Equal([PaymentEvents.Opened, PaymentEvents.Authorized, PaymentEvents.Captured, PaymentEvents.Refunded],
            shop.Payments.Sidecar.Published.Where(e => e.Subject == order).Select(e => e.Type).Distinct());
    }

    [Fact]
    public async Task Paid_too_late_costs_nothing()
    {
        var order = await shop.Order();
        await shop.Paid(order);
        await shop.Tell(order, OrderStatus.Cancelled);
        await shop.Becomes(order, PaymentStatus.Voided);
        Assert.Equal((0, 0, 0), await shop.Ledger(order));
        Assert.Equal(HttpStatusCode.Conflict, (await shop.Pay(order, "pm_card_visa")).StatusCode);
    }

    [Fact]
    public async Task A_soft_decline_leaves_another_try()
    {
        var order = await shop.Order();
        var declined = await shop.Pay(order, "pm_card_visa_chargeDeclinedInsufficientFunds");
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        var problem = await declined.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/problems/card-declined", "insufficient_funds", 2), (problem.GetProperty("type").GetString(),
            problem.GetProperty("declineCode").GetString(), problem.GetProperty("attemptsLeft").GetInt32()));

        Assert.Equal("authorized", (await shop.Paid(order)).GetProperty("status").GetString());
        Assert.Contains(shop.Payments.Sidecar.Published, e => e.Subject == order && e.Type == PaymentEvents.Declined);
    }

    [Theory]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard")]
    [InlineData("pm_card_visa_chargeDeclined", "pm_card_chargeDeclinedExpiredCard",
        "pm_card_chargeDeclinedIncorrectCvc")]
    public async Task A_stolen_card_or_one_refusal_too_many_ends_the_payment(params string[] cards)
    {
        var order = await shop.Order();
        foreach (var card in cards)
            Assert.Equal(HttpStatusCode.PaymentRequired, (await shop.Pay(order, card)).StatusCode);
        Assert.Contains(shop.Payments.Sidecar.Published, e => e.Subject == order && e.Type == PaymentEvents.Failed);
        await shop.Becomes(order, PaymentStatus.Failed);

        var after = await shop.Pay(order, "pm_card_visa");
        Assert.Equal(HttpStatusCode.Conflict, after.StatusCode);
        Assert.Equal("/problems/order-not-payable",
            (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        var intent = await shop.AskStripe($"/v1/payment_intents/{(await shop.Stored(order)).StripeId}");
        Assert.Equal("canceled", intent.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("complete", "authorized", 3)]
    [InlineData("fail", "opened", 2)]
    public async Task After_three_d_secure_the_buyer_sees_how_it_went(string outcome, string status, int attemptsLeft)
    {
        var order = await shop.Order();
        var waiting = await shop.Paid(order, "pm_card_threeDSecure2Required");
        Assert.Equal("requiresAction", waiting.GetProperty("status").GetString());
        await shop.Challenge(waiting, outcome);

        var after = await shop.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}");
        Assert.Equal((status, attemptsLeft),
            (after.GetProperty("status").GetString(), after.GetProperty("attemptsLeft").GetInt32()));
    }

    [Fact]
    public async Task A_bank_that_takes_its_time_is_waited_for()
    {
        var order = await shop.Order();
        Assert.Equal("opened", (await shop.Paid(order, "pm_card_processing")).GetProperty("status").GetString());
        await shop.Becomes(order, PaymentStatus.Authorized);
    }

    [Fact]
    public async Task Fifty_clicks_at_once_are_one_charge()
    {
        var order = await shop.Order();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.Pay(order, "pm_card_visa")));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}"));
        await shop.Tell(order, OrderStatus.Complete);
        await shop.Becomes(order, PaymentStatus.Captured);
        Assert.Equal((4550, 0, 0), await shop.Ledger());
        Assert.Equal(1, (await shop.AskStripe("/v1/payment_intents?limit=10")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Nobody_pays_or_sees_what_is_not_his()
    {
        var order = await shop.Order();
        await shop.Paid(order, null);
        var stranger = shop.Payments.As("stranger");
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Pay(order, "pm_card_visa", stranger)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/payments/{order}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Pay(order, null, shop.Payments.Anonymous)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await shop.Payments.Anonymous.GetAsync($"/api/payments/{order}")).StatusCode);
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
        var answer = await shop.Client.PostAsync("/api/payments", new StringContent(body, null, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Empty((await shop.AskStripe("/v1/payment_intents")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_method_that_stripe_does_not_know_costs_no_attempt()
    {
        var order = await shop.Order();
        var refused = await shop.Pay(order, "pm_nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(3, (await shop.Client.GetFromJsonAsync<JsonElement>($"/api/payments/{order}"))
            .GetProperty("attemptsLeft").GetInt32());
    }

    [Fact]
    public async Task The_browser_is_told_what_to_load()
    {
        var config = await shop.Payments.Anonymous.GetFromJsonAsync<JsonElement>("/api/payments/config");
        Assert.Equal(("pk_test_shop", "https://js.stripe.com/v3/"),
            (config.GetProperty("publishableKey").GetString(), config.GetProperty("scriptUrl").GetString()));
    }

    [Fact]
    public async Task Money_where_it_must_not_be_is_told_to_the_operators()
    {
        var order = await shop.Order();
        var paid = await shop.Paid(order);
        // Somebody captures by hand at Stripe, while the order still waits.
        await shop.AskStripe($"/v1/payment_intents/{paid.GetProperty("stripeId").GetString()}/capture", new { });
        await shop.Becomes(order, PaymentStatus.Captured);
        await Eventually.Is(() => shop.Payments.Logs.All.Any(line =>
            line.Contains($"payment:{order}", StringComparison.Ordinal) && line.Contains("money", StringComparison.Ordinal)));

        await shop.Tell(order, OrderStatus.Cancelled);
        await shop.Becomes(order, PaymentStatus.Refunded);
        Assert.Equal((4550, 4550, 0), await shop.Ledger(order));
    }

    [Fact]
    public async Task No_secret_and_no_token_is_logged()
    {
        var order = await shop.Order();
        var payment = await shop.Paid(order, null);
        await shop.Paid(order);
        Assert.All(shop.Payments.Logs.All, line =>
        {
            Assert.DoesNotContain(payment.GetProperty("clientSecret").GetString()!, line);
            Assert.DoesNotContain("sk_test_shop", line);
            Assert.DoesNotContain("pm_card_visa", line);
        });
    }
}
