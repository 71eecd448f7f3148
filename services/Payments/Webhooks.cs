using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Stripe;
using Ticketing.Common;
using Ticketing.Contracts;
using StripeEvent = Stripe.Event;

namespace Ticketing.Payments;

/// <summary>
/// Receives Stripe's events. They may be late, repeated or out of order, so an event only says that something changed:
/// the PaymentIntent itself is read. 200 means that it is saved; after anything else Stripe sends the event again.
/// </summary>
sealed class Webhooks(
    StripeKeys keys, StripeCharges stripe, AggregateStore<Payment> payments, KnownIntents intents,
    TimeProvider clock, ILogger<Webhooks> log)
{
    const int ToleranceSeconds = 300, SignatureMax = 4096, RememberedMax = 5_000;

    public static readonly Refusal NotSigned = new(
        400, "bad-signature", "This was not signed by Stripe, or not just now.");
    public static readonly Refusal NotReadable = new(400, "bad-event", "This is no event of Stripe's.");

    readonly BoundedCache<string, bool> handled = new(RememberedMax);

    /// <returns>Why the event was refused, or null.</returns>
    /// <exception cref="TryAgainException">Stripe or the store did not answer: Stripe must send it again.</exception>
    public async Task<Refusal?> Receive(byte[] body, string? signature, CancellationToken ct)
    {
        if (signature is not { Length: > 0 and <= SignatureMax })
            return NotSigned;
        var (message, refusal) = Verify(body, signature, await keys.Webhook(ct));
        if (refusal is not null)
            return refusal;
        if (await Subject(message!, ct) is not var (order, intentId) || handled.Contains(message!.Id))
            return null;
        if (await stripe.Read(intentId, ct) is not Reply.Says answer)
            throw new TryAgainException("Stripe does not say how the payment stands.");

        log.WebhookReceived(message.Type, order);
        // The PaymentIntent shows only the last decline; an earlier one is only in its own event.
        if (message.Type is EventTypes.PaymentIntentPaymentFailed
            && StripeCharges.DeclineOf((PaymentIntent)message.Data.Object) is { } decline)
            await payments.Update(order, payment => payment.CountDecline(decline, clock.GetUtcNow()), ct);
        var decision = await payments.Update(order, payment => payment.Observe(answer.Intent, clock.GetUtcNow()), ct);
        if (decision.Refusal is { } notBelieved)
            log.NotBelieved(order, intentId, notBelieved.Code);
        handled.Set(message.Id, true);
        return null;
    }

    (StripeEvent? Message, Refusal? Refusal) Verify(byte[] body, string signature, string[] secrets)
    {
        Refusal refusal = NotSigned;
        foreach (var secret in secrets)
        {
            try
            {
                var text = Utf8.GetString(body);
                var message = EventUtility.ConstructEvent(
                    text, signature, secret, ToleranceSeconds, clock.GetUtcNow().ToUnixTimeSeconds(),
                    throwOnApiVersionMismatch: false);
                return message is { Id: not null, Type: not null, Data.Object: not null }
                    ? (message, null)
                    : (null, NotReadable);
            }
            catch (StripeException)
            {
                // Another secret may match: there are two while one is being replaced.
            }
#pragma warning disable CA1031 // Stripe.net's parsers throw many types at headers and bodies that are not Stripe's.
            catch (Exception odd)
#pragma warning restore CA1031
            {
                log.Unreadable(odd);
                refusal = NotReadable;
            }
        }

        return (null, refusal);
    }

    /// <summary>The order and PaymentIntent of the event; null if they are not from this system.</summary>
    async Task<(OrderId Order, string IntentId)?> Subject(StripeEvent message, CancellationToken ct)
    {
        var (metadata, intentId) = message.Data.Object switch
        {
            PaymentIntent intent => (intent.Metadata, intent.Id),
            Charge charge => (charge.Metadata, charge.PaymentIntentId),
            _ => (null, null),
        };
        var isOurMode = message.Livemode == (await keys.Api(ct)).Contains("_live_", StringComparison.Ordinal);
        if (!isOurMode || intentId is null || StripeCharges.OrderIn(metadata) is not { } order)
            return null;
        if (intents.IsOf(order, intentId))
            return (order, intentId);
        var payment = await payments.Find(order, ct);
        return payment is { Status: not null } && (payment.StripeId ?? intentId) == intentId ? (order, intentId) : null;
    }

    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);
}

static class WebhookEndpoints
{
    public static void MapWebhooks(this IEndpointRouteBuilder app) => app
        .MapPost("/api/payments/webhooks/stripe", Receive).WithTags("Payments").ProducesProblem(400);

    static async Task<Results<Ok<WebhookTaken>, ProblemHttpResult>> Receive(
        HttpRequest request, Webhooks webhooks, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);   // bounded by the server's body limit
        var refusal = await webhooks.Receive(body.ToArray(), request.Headers["Stripe-Signature"], ct);
        return refusal is null ? TypedResults.Ok(new WebhookTaken(true)) : refusal.ToProblem();
    }
}

/// <summary>A body, since Dapr may answer for an app that is down with an empty 200.</summary>
public sealed record WebhookTaken(bool Received);
