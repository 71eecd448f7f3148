using System.Net;
using Microsoft.Extensions.Time.Testing;
using Stripe;
using Ticketing.Testing;
using static Ticketing.StripeServer.Tests.LocalStripe;

namespace Ticketing.StripeServer.Tests;

public sealed class IdempotencyTests : IAsyncLifetime
{
    readonly FakeTimeProvider clock = new(DateTimeOffset.UtcNow);
    LocalStripe stripe = null!;
    PaymentIntentService Intents => stripe.Client.V1.PaymentIntents;

    public async ValueTask InitializeAsync() => stripe = await Start(clock);
    public ValueTask DisposeAsync() => stripe.DisposeAsync();

    [Fact]
    public async Task The_same_key_gives_the_first_reply()
    {
        var first = await stripe.Open("pm_card_visa", key: "o-1");
        await Intents.CaptureAsync(first.Id);
        var again = await stripe.Open("pm_card_visa", key: "o-1");

        Assert.Equal((first.Id, "requires_capture"), (again.Id, again.Status));   // the first reply, not the state now
        Assert.Equal("true", again.StripeResponse.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(first.StripeResponse.RequestId,
            again.StripeResponse.Headers.GetValues("Original-Request").Single());
    }

    [Fact]
    public async Task A_decline_is_remembered_too()
    {
        await Refused(() => stripe.Open("pm_card_visa_chargeDeclined", key: "o-1"));
        var again = await Refused(() => stripe.Open("pm_card_visa_chargeDeclined", key: "o-1"));
        Assert.Equal("generic_decline", again.StripeError.DeclineCode);
        Assert.Single((await Intents.ListAsync()).Data);
    }

    [Fact]
    public async Task The_same_key_with_other_parameters_or_for_another_call_is_refused()
    {
        var intent = await stripe.Open("pm_card_visa", key: "o-1");
        var other = await Refused(() => stripe.Open("pm_card_visa", amount: 1, key: "o-1"));
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency_error"), (other.HttpStatusCode, other.StripeError.Type));

        var elsewhere = await Refused(() => Intents.CaptureAsync(intent.Id, null, Key("o-1")));
        Assert.Equal("idempotency_error", elsewhere.StripeError.Type);
        Assert.Equal(0, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var first = await stripe.Open(key: "o-1");
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(first.Id, (await stripe.Open(key: "o-1")).Id);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first.Id, (await stripe.Open(key: "o-1")).Id);
    }

    [Fact]
    public async Task A_parameter_that_is_wrong_uses_up_no_key_but_a_wrong_state_does()
    {
        var wrong = await Refused(() => stripe.Open(amount: 0, key: "o-1"));
        Assert.Equal("parameter_invalid_integer", wrong.StripeError.Code);
        var opened = await stripe.Open(key: "o-1");

        await Refused(() => Intents.CaptureAsync(opened.Id, null, Key("o-1:capture")));
        await Intents.ConfirmAsync(opened.Id, new() { PaymentMethod = "pm_card_visa" });
        var tooLate = await Refused(() => Intents.CaptureAsync(opened.Id, null, Key("o-1:capture")));
        Assert.Equal("payment_intent_unexpected_state", tooLate.StripeError.Code);
    }

    [Fact]
    public async Task A_failure_after_the_effect_is_remembered_as_a_failure()
    {
        var held = await stripe.Open("pm_card_visa");
        await stripe.Fault("capture", "fail-after-effect");
        for (var i = 0; i < 2; i++)
        {
            var broken = await Refused(() => Intents.CaptureAsync(held.Id, null, Key("o-1:capture")));
            Assert.Equal(HttpStatusCode.InternalServerError, broken.HttpStatusCode);
        }

        Assert.Equal("succeeded", (await Intents.GetAsync(held.Id)).Status);
        Assert.Equal(4550, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }

    [Fact]
    public async Task A_lost_reply_is_made_good_by_asking_again()
    {
        await stripe.Fault("create", "lose-reply");
        var client = ClientOf(stripe.Url, retries: 2);
        var paid = await client.V1.PaymentIntents.CreateAsync(new()
        {
            Amount = 4550,
            Currency = "usd",
            PaymentMethod = "pm_card_visa",
            Confirm = true,
        });
        Assert.Equal("succeeded", paid.Status);
        Assert.Equal(4550, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }

    [Fact]
    public async Task A_call_that_times_out_has_still_happened()
    {
        await stripe.Fault("create", "hang", milliseconds: 60_000);
        var impatient = ClientOf(stripe.Url, timeout: TimeSpan.FromMilliseconds(500));
        var create = new PaymentIntentCreateOptions
        {
            Amount = 100, Currency = "usd", PaymentMethod = "pm_card_visa", Confirm = true,
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => impatient.V1.PaymentIntents.CreateAsync(create, Key("o-1")));

        var again = await Intents.CreateAsync(create, Key("o-1"));
        Assert.Equal("succeeded", again.Status);
        Assert.Equal(100, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }

    [Fact]
    public async Task A_call_in_progress_holds_its_key()
    {
        await stripe.Fault("create", "delay", milliseconds: 5_000);
        var slow = stripe.Open(key: "o-1");
        await Eventually.Is(async () => await stripe.Http.GetStringAsync("/local/faults") is "[]");
        var meanwhile = await Refused(() => stripe.Open(key: "o-1"));
        Assert.Equal((HttpStatusCode.Conflict, "idempotency_key_in_use"),
            (meanwhile.HttpStatusCode, meanwhile.StripeError.Code));

        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((await slow).Id, (await stripe.Open(key: "o-1")).Id);
    }

    [Theory]
    [InlineData("unavailable", 503)]
    [InlineData("rate-limit", 429)]
    public async Task A_refusal_at_the_door_is_not_remembered(string fault, int status)
    {
        await stripe.Fault("create", fault);
        var refused = await Refused(() => stripe.Open(key: "o-1"));
        Assert.Equal(status, (int)refused.HttpStatusCode);
        Assert.Equal("requires_payment_method", (await stripe.Open(key: "o-1")).Status);
    }

    [Fact]
    public async Task Fifty_at_once_with_one_key_are_one_payment()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            try
            {
                return (await stripe.Open("pm_card_visa", capture: "automatic", key: "o-1")).Id;
            }
            catch (StripeException busy) when (busy.HttpStatusCode is HttpStatusCode.Conflict)
            {
                Assert.Equal("idempotency_key_in_use", busy.StripeError.Code);
                return null;
            }
        }));
        Assert.Single(replies.OfType<string>().Distinct());
        Assert.Equal(4550, (await stripe.Ledger()).GetProperty("captured").GetInt64());
    }
}
