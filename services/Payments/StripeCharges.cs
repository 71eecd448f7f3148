using System.Collections.Concurrent;
using System.Net;
using Stripe;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>The outcome of a call to Stripe. The names of these types are values of a metric.</summary>
abstract record Reply
{
    public sealed record Says(IntentState Intent) : Reply;

    /// <summary>Stripe refuses the call and would refuse it again.</summary>
    /// <param name="IsOfAmount">With any other card too: the amount or the currency is refused.</param>
    public sealed record Refused(string Code, bool IsOfAmount = false) : Reply;

    /// <summary>Stripe has stored a failure under the key, and its effect is unknown: read the PaymentIntent.</summary>
    public sealed record Doubtful(string Why) : Reply;

    /// <summary>Stripe has stored nothing under the key, or is still working on it: repeat the call later.</summary>
    public sealed record Later(string Why) : Reply;
}

/// <summary>The calls to Stripe. Errors are returned as values, since each has its own consequence.</summary>
sealed class StripeCharges(StripeKeys keys, PaymentOptions options, IHttpClient http)
{
    /// <summary>Names in the metadata of a PaymentIntent.</summary>
    public const string OrderKey = "orderId", NameKey = "payment", BuyerKey = "buyer";
    const string NotFoundCode = "resource_missing";
    const int FoundMax = 10;
    static readonly List<string> Expand = ["latest_charge"];

    readonly ConcurrentDictionary<string, StripeClient> clients = new();

    /// <summary>Makes the payment's pending call.</summary>
    public async Task<Reply> Perform(Payment payment, CancellationToken ct)
    {
        var (effect, intentId) = (payment.Pending!, payment.StripeId);
        try
        {
            var stripe = (await Client(ct)).V1;
            var key = new RequestOptions { IdempotencyKey = effect.Key };
            return new Reply.Says(effect.Kind switch
            {
                EffectKind.Create => Of(await stripe.PaymentIntents.CreateAsync(
                    Creation(payment, effect), key, ct)),
                EffectKind.Confirm => Of(await stripe.PaymentIntents.ConfirmAsync(
                    intentId, Confirmation(effect.Attempt!), key, ct)),
                EffectKind.Capture => Of(await stripe.PaymentIntents.CaptureAsync(
                    intentId, new() { Expand = Expand }, key, ct)),
                EffectKind.Cancel => Of(await stripe.PaymentIntents.CancelAsync(
                    intentId, new() { CancellationReason = "abandoned", Expand = Expand }, key, ct)),
                EffectKind.Refund => Of(await stripe.Refunds.CreateAsync(
                    new() { PaymentIntent = intentId, Expand = ["payment_intent.latest_charge"] }, key, ct)),
                _ => throw new InvalidOperationException($"There is no call for {effect.Kind}."),
            });
        }
        catch (StripeException refused)
        {
            return Of(refused, effect.Kind);
        }
        catch (Exception lost) when (lost is HttpRequestException
            || lost is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new Reply.Later(lost.Message);
        }
    }

    /// <summary>Reads the PaymentIntent.</summary>
    /// <returns>Its state; refused if Stripe has none with this id; or later, if Stripe does not answer.</returns>
    public Task<Reply> Read(string intentId, CancellationToken ct) => Ask(async stripe =>
    {
        var intent = await stripe.PaymentIntents.GetAsync(intentId, new() { Expand = Expand }, cancellationToken: ct);
        return intent.LatestCharge is { Refunded: true } && await RefundOf(stripe, intentId, ct) is { } refund
            ? Of(intent) with { RefundId = refund.Id, RefundedAt = refund.Created }
            : Of(intent);
    }, ct);

    /// <summary>Finds the PaymentIntent of a payment whose intent id is unknown.</summary>
    /// <inheritdoc cref="Read"/>
    public Task<Reply> Find(Payment payment, CancellationToken ct) => Ask(async stripe =>
    {
        var query = payment.Name is { } name
            ? $"metadata['{NameKey}']:'{name}'"
            : $"metadata['{OrderKey}']:'{payment.OrderId}'";
        var found = await stripe.PaymentIntents.SearchAsync(
            new() { Query = query, Limit = FoundMax, Expand = ["data.latest_charge"] }, cancellationToken: ct);
        // Of the same order id there may be one of a payment that a restore has undone.
        return found.Data.Select(intent => Of(intent)).FirstOrDefault(intent => payment.DoubtOf(intent) != Payment.OtherPayment);
    }, ct);

    public static IntentState Of(PaymentIntent intent)
    {
        var status = intent.Status switch
        {
            "processing" => IntentStatus.Processing,
            "requires_action" => IntentStatus.RequiresAction,
            "requires_capture" => IntentStatus.RequiresCapture,
            "succeeded" => IntentStatus.Succeeded,
            "canceled" => IntentStatus.Canceled,
            _ => IntentStatus.Open,
        };
        return new(intent.Id, status, Currencies.FromStripe(intent.Amount, intent.Currency), intent.ClientSecret)
        {
            Name = intent.Metadata?.GetValueOrDefault(NameKey),
            OrderId = intent.Metadata?.GetValueOrDefault(OrderKey),
            Buyer = intent.Metadata?.GetValueOrDefault(BuyerKey),
            Decline = status is IntentStatus.Open ? DeclineOf(intent) : null,
            Card = intent.LatestCharge is { Paid: true, PaymentMethodDetails.Card: { Brand: { } brand, Last4: { } last4 } }
                ? new(brand, last4)
                : null,
        };
    }

    /// <summary>The last decline, if the last card was declined.</summary>
    static Decline? DeclineOf(PaymentIntent intent) => intent.LastPaymentError is { } error
        ? new(error.Charge ?? error.PaymentMethod?.Id ?? intent.Id,
            error.DeclineCode ?? error.Code ?? "unknown")
        : null;

    static IntentState Of(Refund refund) => refund.Status is "failed" or "canceled"
        ? Of(refund.PaymentIntent)
        : Of(refund.PaymentIntent) with { RefundId = refund.Id, RefundedAt = refund.Created };

    static PaymentIntentCreateOptions Creation(Payment payment, Effect effect) => new()
    {
        // With a card it is authorized in the same call.
        Confirm = effect.Card is null ? null : true,
        PaymentMethod = effect.Card,
        UseStripeSdk = effect.Card is null ? null : true,
        Expand = effect.Card is null ? null : Expand,
        Amount = Currencies.ToStripe(effect.Amount),
        Currency = effect.Amount.Currency,
        CaptureMethod = "manual",
        AllowedPaymentMethodTypes = ["card"],
        // A repeat must have the same parameters: a call begun by an older build carries the order's id only.
        Metadata = effect.Name is null
            ? new() { [OrderKey] = effect.OrderId }
            : new() { [OrderKey] = effect.OrderId, [NameKey] = effect.Name, [BuyerKey] = payment.Order!.Buyer },
    };

    static PaymentIntentConfirmOptions Confirmation(Attempt attempt) => new()
    {
        PaymentMethod = attempt.Method,
        UseStripeSdk = true,     // Stripe.js in the buyer's browser shows 3-D Secure
        Expand = Expand,
    };

    static Reply Of(StripeException refused, EffectKind kind)
    {
        var error = refused.StripeError;
        var why = $"{(int)refused.HttpStatusCode} {error?.Code ?? error?.Type}";
        return refused.HttpStatusCode switch
        {
            HttpStatusCode.PaymentRequired when error?.PaymentIntent is { } intent => new Reply.Says(Of(intent)),
            HttpStatusCode.PaymentRequired => new Reply.Refused(error?.DeclineCode ?? error?.Code ?? "card_declined"),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Conflict
                or HttpStatusCode.TooManyRequests or 0 => new Reply.Later(why),
            HttpStatusCode.BadRequest or HttpStatusCode.NotFound
                when kind is EffectKind.Create or EffectKind.Confirm
                    && error?.Code is not "payment_intent_unexpected_state" && error?.Type is "invalid_request_error" =>
                new Reply.Refused(error.Code ?? "invalid_request",
                    IsOfAmount: kind is EffectKind.Create && error.Param is ("amount" or "currency")),
            _ => new Reply.Doubtful(why),
        };
    }

    async Task<Reply> Ask(Func<V1Services, Task<IntentState?>> ask, CancellationToken ct)
    {
        try
        {
            return await ask((await Client(ct)).V1) is { } found
                ? new Reply.Says(found)
                : new Reply.Refused(NotFoundCode);
        }
        catch (StripeException e) when (e.StripeError?.Code is NotFoundCode)
        {
            return new Reply.Refused(NotFoundCode);
        }
        catch (Exception silent) when (silent is StripeException or HttpRequestException
            || silent is OperationCanceledException && !ct.IsCancellationRequested)
        {
            return new Reply.Later(silent.Message);
        }
    }

    static async Task<Refund?> RefundOf(V1Services stripe, string intentId, CancellationToken ct) =>
        (await stripe.Refunds.ListAsync(new() { PaymentIntent = intentId, Limit = 1 }, cancellationToken: ct)).Data
            .FirstOrDefault();

    // A client per key: keys are replaced rarely, and each client keeps its connections.
    async Task<StripeClient> Client(CancellationToken ct) =>
        clients.GetOrAdd(await keys.Api(ct), key => new(new StripeClientOptions
        {
            ApiKey = key, ApiBase = options.ApiBase, HttpClient = http,
        }));
}
