using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>Every change of a payment intent's status, with its ledger entry and its events.</summary>
static class IntentTransitions
{
    /// <summary>How long the slow test card stays in <c>processing</c>.</summary>
    public static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(5);

    static readonly Error NotAuthenticated = new("invalid_request_error",
        "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt again.",
        "payment_intent_authentication_failure");

    public static Reply Charge(StripeStore store, Call call, PaymentIntent intent, PaymentMethod method)
    {
        var card = Cards.Named(method.Card.Fingerprint)!;
        intent = intent with { PaymentMethod = method.Id, NextAction = null, LastPaymentError = null };
        if (card.Challenge)
            return Save(store, intent with { Status = "requires_action", NextAction = Challenge(call, intent) },
                "payment_intent.requires_action", call.Request);
        if (!card.Slow) return Answer(store, intent, method, call.Request);

        store.Delay(intent.Id, SlowFor);
        return Save(store, intent with { Status = "processing" }, "payment_intent.processing", call.Request);
    }

    /// <summary>The result of the 3-D Secure challenge.</summary>
    public static Reply Challenged(StripeStore store, PaymentIntent intent, bool passed)
    {
        if (intent.Status is not "requires_action") return store.Json(intent.Id)!;   // a second click
        intent = intent with { NextAction = null };
        return passed
            ? Answer(store, intent, store.Method(intent.PaymentMethod!)!, null)
            : Save(store, intent with
            {
                Status = "requires_payment_method",
                PaymentMethod = null,
                LastPaymentError = NotAuthenticated with { PaymentMethod = store.Json(intent.PaymentMethod!) },
            }, "payment_intent.payment_failed", null);
    }

    /// <summary>The bank's answer to the slow card.</summary>
    public static void Processed(StripeStore store, PaymentIntent intent) =>
        Answer(store, intent, store.Method(intent.PaymentMethod!)!, null);

    public static Reply Capture(StripeStore store, Call call, PaymentIntent intent, long amount)
    {
        var charge = store.Charge(intent.LatestCharge!)!;
        store.Ledger.Capture(intent, charge.Id, amount);
        Save(store, charge with { Captured = true, AmountCaptured = amount }, "charge.captured", call.Request);
        return Save(store, intent with { Status = "succeeded", AmountCapturable = 0, AmountReceived = amount },
            "payment_intent.succeeded", call.Request);
    }

    public static Reply Cancel(StripeStore store, Call call, PaymentIntent intent, string? reason)
    {
        if (intent.AmountCapturable > 0) store.Ledger.Release(intent, intent.LatestCharge!, intent.AmountCapturable);
        return Save(store, intent with
        {
            Status = "canceled",
            AmountCapturable = 0,
            CanceledAt = store.Now,
            CancellationReason = reason,
            NextAction = null,
        }, "payment_intent.canceled", call.Request);
    }

    public static Reply Refund(StripeStore store, Call call, PaymentIntent intent, Charge charge, Refund refund)
    {
        store.Ledger.Refund(intent, refund.Id, refund.Amount);
        var version = store.VersionOf(intent.Id);
        var refunded = charge.AmountRefunded + refund.Amount;
        Save(store, charge with { AmountRefunded = refunded, Refunded = refunded == charge.AmountCaptured },
            "charge.refunded", call.Request);
        var saved = store.Save(refund, version);
        store.Emit("refund.created", saved, version, call.Request);
        return saved;
    }

    static Reply Answer(StripeStore store, PaymentIntent intent, PaymentMethod method, EventRequest? request)
    {
        var card = Cards.Named(method.Card.Fingerprint)!;
        var charge = new Charge
        {
            Id = store.NewId("ch"),
            Amount = intent.Amount,
            Created = store.Now,
            Currency = intent.Currency,
            Metadata = intent.Metadata,
            PaymentIntent = intent.Id,
            PaymentMethod = method.Id,
            PaymentMethodDetails = new(method.Card),
            Status = "succeeded",
            Paid = true,
        };
        return card.Decline is null
            ? Approve(store, intent, charge, request)
            : Decline(store, intent, charge, card, request);
    }

    static Reply Approve(StripeStore store, PaymentIntent intent, Charge charge, EventRequest? request)
    {
        store.Ledger.Authorize(intent, charge.Id);
        intent = intent with { LatestCharge = charge.Id };
        if (intent.CaptureMethod is "manual")
        {
            Save(store, charge, "charge.succeeded", request);
            return Save(store, intent with { Status = "requires_capture", AmountCapturable = intent.Amount },
                "payment_intent.amount_capturable_updated", request);
        }

        store.Ledger.Capture(intent, charge.Id, intent.Amount);
        Save(store, charge with { Captured = true, AmountCaptured = charge.Amount }, "charge.succeeded", request);
        return Save(store, intent with { Status = "succeeded", AmountReceived = intent.Amount },
            "payment_intent.succeeded", request);
    }

    // After a decline the intent stays usable with another card.
    static Reply Decline(StripeStore store, PaymentIntent intent, Charge charge, Card card, EventRequest? request)
    {
        var error = new Error("card_error", card.Message, card.Code, DeclineCode: card.Decline)
        {
            Status = 402, Charge = charge.Id, PaymentMethod = store.Json(charge.PaymentMethod),
        };
        Save(store, charge with
        {
            Status = "failed",
            Paid = false,
            FailureCode = card.Code,
            FailureMessage = card.Message,
        }, "charge.failed", request);
        var saved = Save(store, intent with
        {
            Status = "requires_payment_method",
            PaymentMethod = null,
            LatestCharge = charge.Id,
            LastPaymentError = error,
        }, "payment_intent.payment_failed", request);
        return error with { PaymentIntent = saved };
    }

    static NextAction Challenge(Call call, PaymentIntent intent)
    {
        var page = $"{call.BaseUrl}/v3/challenge?payment_intent={intent.Id}" +
            $"&payment_intent_client_secret={intent.ClientSecret}";
        return call.Form.Text("return_url") is { } back
            ? new("redirect_to_url", new RedirectToUrl($"{page}&return_url={Uri.EscapeDataString(back)}", back))
            : new("use_stripe_sdk", null, new UseStripeSdk("three_d_secure_redirect", page));
    }

    static JsonNode Save(StripeStore store, PaymentIntent intent, string type, EventRequest? request)
    {
        var version = store.VersionOf(intent.Id);
        var saved = store.Save(intent, version);
        store.Emit(type, saved, version, request);
        return saved;
    }

    static void Save(StripeStore store, Charge charge, string type, EventRequest? request)
    {
        var version = store.VersionOf(charge.PaymentIntent);
        store.Emit(type, store.Save(charge, version), version, request);
    }
}
