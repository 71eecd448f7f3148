using System.Net;
using Stripe;
using Ticketing.Testing;
using static Ticketing.StripeServer.Tests.LocalStripe;

namespace Ticketing.StripeServer.Tests;

public sealed class PaymentIntentTests : IAsyncLifetime
{
    LocalStripe stripe = null!;
    PaymentIntentService Intents => stripe.Client.V1.PaymentIntents;

    public async ValueTask InitializeAsync() => stripe = await Start();
    public ValueTask DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public async Task A_manual_payment_is_authorized_captured_and_refunded()
    {
        var opened = await stripe.Open();
        Assert.Equal(("requires_payment_method", 4550L, "usd", "manual"),
            (opened.Status, opened.Amount, opened.Currency, opened.CaptureMethod));
        Assert.Equal("o-1", opened.Metadata["orderId"]);
        Assert.StartsWith(opened.Id + "_secret_", opened.ClientSecret);

        var confirmed = await Intents.ConfirmAsync(opened.Id, new() { PaymentMethod = "pm_card_visa" });
        Assert.Equal(("requires_capture", 4550L, 0L),
            (confirmed.Status, confirmed.AmountCapturable, confirmed.AmountReceived));

        var captured = await Intents.CaptureAsync(opened.Id, new() { Expand = ["latest_charge", "payment_method"] });
        Assert.Equal(("succeeded", 0L, 4550L), (captured.Status, captured.AmountCapturable, captured.AmountReceived));
        Assert.True(captured.LatestCharge.Captured);
        Assert.Equal("4242", captured.PaymentMethod.Card.Last4);

        var refund = await stripe.Client.V1.Refunds.CreateAsync(
            new() { PaymentIntent = opened.Id, Expand = ["payment_intent"] });
        Assert.Equal(("succeeded", 4550L, captured.LatestChargeId), (refund.Status, refund.Amount, refund.ChargeId));
        Assert.Equal("succeeded", refund.PaymentIntent.Status);
        Assert.Equal(refund.Id, (await stripe.Client.V1.Refunds.GetAsync(refund.Id)).Id);
        Assert.Equal(refund.Id,
            Assert.Single(await stripe.Client.V1.Refunds.ListAsync(new() { PaymentIntent = opened.Id })).Id);

        var again = await Refused(() => stripe.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = opened.Id }));
        Assert.Equal("charge_already_refunded", again.StripeError.Code);
    }

    [Fact]
    public async Task An_automatic_payment_succeeds_at_once()
    {
        var paid = await stripe.Open("pm_card_mastercard", capture: "automatic");
        Assert.Equal(("succeeded", 4550L), (paid.Status, paid.AmountReceived));
        Assert.Equal(4550, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }

    [Theory]
    [InlineData("jpy", 50)]
    [InlineData("isk", 500_000)]
    [InlineData("kwd", 5_120)]
    [InlineData("mga", 100_000)]
    [InlineData("idr", 150_000_000)]
    public async Task Every_currency_has_its_own_bounds(string currency, long amount) =>
        Assert.Equal(amount, (await Intents.CreateAsync(new() { Amount = amount, Currency = currency })).Amount);

    [Theory]
    [InlineData("pm_card_visa_chargeDeclined", "card_declined", "generic_decline")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds")]
    [InlineData("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card")]
    [InlineData("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card")]
    [InlineData("pm_card_chargeDeclinedFraudulent", "card_declined", "fraudulent")]
    [InlineData("pm_card_radarBlock", "card_declined", "fraudulent")]
    [InlineData("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card")]
    [InlineData("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc")]
    [InlineData("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error")]
    public async Task A_decline_leaves_the_intent_open_for_another_card(string card, string code, string declineCode)
    {
        var opened = await stripe.Open();
        var declined = await Refused(() => Intents.ConfirmAsync(opened.Id, new() { PaymentMethod = card }));

        Assert.Equal((HttpStatusCode.PaymentRequired, "card_error", code, declineCode), (declined.HttpStatusCode,
            declined.StripeError.Type, declined.StripeError.Code, declined.StripeError.DeclineCode));
        Assert.Equal("requires_payment_method", declined.StripeError.PaymentIntent.Status);
        Assert.Equal(code, declined.StripeError.PaymentIntent.LastPaymentError.Code);

        var second = await Intents.ConfirmAsync(opened.Id, new() { PaymentMethod = "pm_card_visa" });
        Assert.Equal("requires_capture", second.Status);
    }

    [Theory]
    [InlineData("pm_card_threeDSecure2Required", "complete", "requires_capture", null)]
    [InlineData("pm_card_authenticationRequired", "fail", "requires_payment_method",
        "payment_intent_authentication_failure")]
    [InlineData("pm_card_threeDSecureRequiredChargeDeclined", "complete", "requires_payment_method", "card_declined")]
    public async Task Three_d_secure_waits_for_the_buyer(string card, string outcome, string status, string? error)
    {
        var waiting = await stripe.Open(card);
        Assert.Equal("requires_action", waiting.Status);
        Assert.Equal("use_stripe_sdk", waiting.NextAction.Type);

        await Challenge(waiting, outcome);
        await Challenge(waiting, "complete");   // a second click changes nothing
        var after = await Intents.GetAsync(waiting.Id);
        Assert.Equal((status, error), (after.Status, after.LastPaymentError?.Code));
        Assert.Null(after.NextAction);
    }

    [Fact]
    public async Task A_challenge_by_redirect_comes_back_to_the_shop()
    {
        var opened = await stripe.Open();
        var waiting = await Intents.ConfirmAsync(opened.Id, new()
        {
            PaymentMethod = "pm_card_threeDSecure2Required",
            ReturnUrl = "http://localhost:8080/orders/o-1",
        });
        Assert.Equal("http://localhost:8080/orders/o-1", waiting.NextAction.RedirectToUrl.ReturnUrl);
        var page = await stripe.Http.GetStringAsync(waiting.NextAction.RedirectToUrl.Url);
        Assert.Contains("challenge.js", page);
    }

    [Fact]
    public async Task The_slow_card_is_processing_until_the_bank_has_answered()
    {
        var slow = await stripe.Open("pm_card_processing");
        Assert.Equal("processing", slow.Status);
        var refused = await Refused(() => Intents.CancelAsync(slow.Id));
        Assert.Equal("payment_intent_unexpected_state", refused.StripeError.Code);

        await Eventually.Is(async () => (await Intents.GetAsync(slow.Id)).Status is "requires_capture");
    }

    [Fact]
    public async Task A_cancelled_payment_can_be_neither_confirmed_nor_captured_nor_cancelled_again()
    {
        var held = await stripe.Open("pm_card_visa");
        var canceled = await Intents.CancelAsync(held.Id, new() { CancellationReason = "abandoned" });
        Assert.Equal(("canceled", "abandoned", 0L),
            (canceled.Status, canceled.CancellationReason, canceled.AmountCapturable));

        foreach (var call in (Func<Task>[])[() => Intents.CaptureAsync(held.Id), () => Intents.CancelAsync(held.Id),
            () => Intents.ConfirmAsync(held.Id, new() { PaymentMethod = "pm_card_visa" })])
        {
            var refused = await Refused(call);
            Assert.Equal("payment_intent_unexpected_state", refused.StripeError.Code);
            Assert.Equal("canceled", refused.StripeError.PaymentIntent.Status);
        }

        var refund = await Refused(() => stripe.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = held.Id }));
        Assert.Contains("does not have a successful charge", refund.Message);
    }

    [Theory]
    [InlineData("pm_card_visa", "visa", "4242")]
    [InlineData("pm_card_mastercard", "mastercard", "4444")]
    [InlineData("pm_card_amex", "amex", "0005")]
    [InlineData("pm_card_discover", "discover", "1117")]
    public async Task A_charge_tells_its_card(string method, string brand, string last4)
    {
        var held = await stripe.Open(method);
        var charge = (await Intents.GetAsync(held.Id, new() { Expand = ["latest_charge"] })).LatestCharge;
        Assert.Equal(("card", brand, last4), (charge.PaymentMethodDetails.Type, charge.PaymentMethodDetails.Card.Brand,
            charge.PaymentMethodDetails.Card.Last4));
        Assert.True(charge.Paid);
    }

    [Fact]
    public async Task A_payment_is_found_by_its_metadata()
    {
        var wanted = await stripe.Open(order: "t-1-7");
        await stripe.Open(order: "t-1-8");
        var found = await Intents.SearchAsync(new() { Query = "metadata['orderId']:'t-1-7'" });
        Assert.Equal(wanted.Id, Assert.Single(found.Data).Id);
        Assert.Equal(2, (await Intents.ListAsync()).Data.Count);

        await Intents.UpdateAsync(wanted.Id, new() { Metadata = new() { ["orderId"] = "t-1-9" } });
        Assert.Empty((await Intents.SearchAsync(new() { Query = "metadata['orderId']:'t-1-7'" })).Data);
    }

    [Fact]
    public async Task Partial_captures_and_refunds_stay_within_what_there_is()
    {
        var held = await stripe.Open("pm_card_visa");
        await Refused(() => Intents.CaptureAsync(held.Id, new() { AmountToCapture = 4551 }));
        await Intents.CaptureAsync(held.Id, new() { AmountToCapture = 4000 });
        await stripe.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = held.Id, Amount = 1500 });
        var tooMuch = await Refused(
            () => stripe.Client.V1.Refunds.CreateAsync(new() { PaymentIntent = held.Id, Amount = 2501 }));
        Assert.Equal("amount", tooMuch.StripeError.Param);

        var ledger = await stripe.Ledger();
        Assert.Equal((4000L, 1500L, 2500L), (ledger.GetProperty("captured").GetInt64(),
            ledger.GetProperty("refunded").GetInt64(), ledger.GetProperty("net").GetInt64()));
        var balances = ledger.GetProperty("balances");
        Assert.Equal((0L, 2500L, -2500L), (balances.GetProperty("held").GetInt64(),
            balances.GetProperty("merchant").GetInt64(), balances.GetProperty("cardholder").GetInt64()));
    }

    async Task Challenge(PaymentIntent intent, string outcome)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v3/challenge/{intent.Id}")
        {
            Headers = { { "Authorization", "Bearer pk_test_x" } },
            Content = new FormUrlEncodedContent([new("client_secret", intent.ClientSecret), new("outcome", outcome)]),
        };
        Assert.NotEqual(HttpStatusCode.NotFound, (await stripe.Http.SendAsync(request)).StatusCode);
    }
}
