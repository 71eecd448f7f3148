using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Stripe;
using Ticketing.Common;
using Ticketing.Contracts;
using StripeEvent = Stripe.Event;

namespace Ticketing.Payments;

/// <summary>
/// What Stripe tells by itself. It may be late, twice or out of order, so it is taken as a hint that something is new:
/// the object itself is asked. 200 means that what it said is saved; anything else makes Stripe tell it again.
/// </summary>
sealed class Webhooks(
    StripeKeys keys, StripeCharges stripe, AggregateStore<Payment> payments, TimeProvider clock,
    ILogger<Webhooks> log)
{
    const int ToleranceSeconds = 300, SignatureMax = 4096, RememberedMax = 10_000;

    public static readonly Refusal NotStripes = new(
        400, "bad-signature", "This was not signed by Stripe, or not just now.");
    public static readonly Refusal NotReadable = new(400, "bad-event", "This is no event of Stripe's.");

    readonly BoundedCache<string, bool> handled = new(RememberedMax);

    /// <returns>Why it was not taken, or null.</returns>
    /// <exception cref="TryAgainException">Stripe or the store is away: to be told again.</exception>
    public async Task<Refusal?> Hear(byte[] body, string? signature, CancellationToken ct)
    {
        if (signature is not { Length: > 0 and <= SignatureMax })
            return NotStripes;
        var (news, refusal) = Verify(body, signature, await keys.Webhook(ct));
        if (refusal is not null)
            return refusal;
        if (await Subject(news!, ct) is not var (order, intentId) || handled.Contains(news!.Id))
            return null;
        if (await stripe.Look(intentId, ct) is not Reply.Says said)
            throw new TryAgainException("Stripe does not say how the payment stands.");

        log.Heard(news.Type, order);
        // The object shows the last refused card only; one before it is told by its event alone.
        if (news.Type is EventTypes.PaymentIntentPaymentFailed
            && StripeCharges.DeclineOf((PaymentIntent)news.Data.Object) is { } decline)
            await payments.Update(order, payment => payment.Count(decline, clock.GetUtcNow()), ct);
        var decision = await payments.Update(order, payment => payment.Observe(said.Seen, clock.GetUtcNow()), ct);
        if (decision.Refusal is { } notBelieved)
            log.NotBelieved(order, intentId, notBelieved.Code);
        handled.Set(news.Id, true);
        return null;
    }

    (StripeEvent? News, Refusal? Refusal) Verify(byte[] body, string signature, string[] secrets)
    {
        Refusal refusal = NotStripes;
        foreach (var secret in secrets)
        {
            try
            {
                var text = Utf8.GetString(body);
                var news = EventUtility.ConstructEvent(
                    text, signature, secret, ToleranceSeconds, clock.GetUtcNow().ToUnixTimeSeconds(),
                    throwOnApiVersionMismatch: false);
                return news is { Id: not null, Type: not null, Data.Object: not null }
                    ? (news, null)
                    : (null, NotReadable);
            }
            catch (StripeException)
            {
                // Another secret may fit: there are two while one is being replaced.
            }
#pragma warning disable CA1031 // Stripe.net throws what its parsers throw, at headers and bodies that are not Stripe's.
            catch (Exception odd)
#pragma warning restore CA1031
            {
                log.Unreadable(odd);
                refusal = NotReadable;
            }
        }

        return (null, refusal);
    }

    /// <summary>Which of our payments it is about; null: none, or nothing we have to know.</summary>
    async Task<(OrderId Order, string IntentId)?> Subject(StripeEvent news, CancellationToken ct)
    {
        var (metadata, intentId) = news.Data.Object switch
        {
            PaymentIntent intent => (intent.Metadata, intent.Id),
            Charge charge => (charge.Metadata, charge.PaymentIntentId),
            _ => (null, null),
        };
        var isOurMode = news.Livemode == (await keys.Api(ct)).Contains("_live_", StringComparison.Ordinal);
        if (!isOurMode || intentId is null || StripeCharges.OrderIn(metadata) is not { } order)
            return null;
        var payment = await payments.Find(order, ct);
        return payment is { Status: not null } && (payment.StripeId ?? intentId) == intentId ? (order, intentId) : null;
    }

    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
}

static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder app) => app.MapPost("/api/payments/webhooks/stripe", Hear)
        .WithTags("Payments").ProducesProblem(400);

    static async Task<Results<Ok<WebhookTaken>, ProblemHttpResult>> Hear(
        HttpRequest request, Webhooks webhooks, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);   // bounded by the server's limit on bodies
        var refusal = await webhooks.Hear(body.ToArray(), request.Headers["Stripe-Signature"], ct);
        return refusal is null ? TypedResults.Ok(new WebhookTaken(true)) : refusal.ToProblem();
    }
}

/// <summary>Said in so many words: an empty 200 is what a runtime may make of an app that is down.</summary>
public sealed record WebhookTaken(bool Received);
