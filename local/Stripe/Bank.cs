using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>Where money moves: every change of a payment's status, with its ledger entry and its events.</summary>
static class Bank
{
    /// <summary>How long the slow test card stays in <c>processing</c>.</summary>
    public static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(5);

    static readonly Error NotAuthenticated = new("invalid_request_error",
        "The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt again.",
        "payment_intent_authentication_failure");

    public static Reply Charge(Books books, Call call, PaymentIntent intent, PaymentMethod method)
    {
        var card = Cards.Named(method.Card.Fingerprint)!;
        intent = intent with { PaymentMethod = method.Id, NextAction = null, LastPaymentError = null };
        if (card.Challenge)
            return Save(books, intent with { Status = "requires_action", NextAction = Challenge(call, intent) },
                "payment_intent.requires_action", call.Request);
        if (!card.Slow) return Answer(books, intent, method, call.Request);

        books.Delay(intent.Id, SlowFor);
        return Save(books, intent with { Status = "processing" }, "payment_intent.processing", call.Request);
    }

    /// <summary>The buyer met the 3-D Secure challenge, or failed it.</summary>
    public static Reply Challenged(Books books, PaymentIntent intent, bool passed)
    {
        if (intent.Status is not "requires_action") return books.Any(intent.Id)!;   // a second click
        intent = intent with { NextAction = null };
        return passed
            ? Answer(books, intent, books.Method(intent.PaymentMethod!)!, null)
            : Save(books, intent with
            {
                Status = "requires_payment_method",
                PaymentMethod = null,
                LastPaymentError = NotAuthenticated with { PaymentMethod = books.Any(intent.PaymentMethod!) },
            }, "payment_intent.payment_failed", null);
    }

    /// <summary>The bank's answer to the slow card.</summary>
    public static void Processed(Books books, PaymentIntent intent) =>
        Answer(books, intent, books.Method(intent.PaymentMethod!)!, null);

    public static Reply Capture(Books books, Call call, PaymentIntent intent, long amount)
    {
        var charge = books.Charge(intent.LatestCharge!)!;
        books.Ledger.Capture(intent, charge.Id, amount);
        Save(books, charge with { Captured = true, AmountCaptured = amount }, "charge.captured", call.Request);
        return Save(books, intent with { Status = "succeeded", AmountCapturable = 0, AmountReceived = amount },
            "payment_intent.succeeded", call.Request);
    }

    public static Reply Cancel(Books books, Call call, PaymentIntent intent, string? reason)
    {
        if (intent.AmountCapturable > 0) books.Ledger.Release(intent, intent.LatestCharge!, intent.AmountCapturable);
        return Save(books, intent with
        {
            Status = "canceled",
            AmountCapturable = 0,
            CanceledAt = books.Now,
            CancellationReason = reason,
            NextAction = null,
        }, "payment_intent.canceled", call.Request);
    }

    public static Reply Refund(Books books, Call call, PaymentIntent intent, Charge charge, Refund refund)
    {
        books.Ledger.Refund(intent, refund.Id, refund.Amount);
        var version = books.VersionOf(intent.Id);
        var refunded = charge.AmountRefunded + refund.Amount;
        Save(books, charge with { AmountRefunded = refunded, Refunded = refunded == charge.AmountCaptured },
            "charge.refunded", call.Request);
        var saved = books.Save(refund, version);
        books.Emit("refund.created", saved, version, call.Request);
        return saved;
    }

    static Reply Answer(Books books, PaymentIntent intent, PaymentMethod method, EventRequest? request)
    {
        var card = Cards.Named(method.Card.Fingerprint)!;
        var charge = new Charge
        {
            Id = books.NewId("ch"),
            Amount = intent.Amount,
            Created = books.Now,
            Currency = intent.Currency,
            Metadata = intent.Metadata,
            PaymentIntent = intent.Id,
            PaymentMethod = method.Id,
            Status = "succeeded",
            Paid = true,
        };
        return card.Decline is null
            ? Approve(books, intent, charge, request)
            : Decline(books, intent, charge, card, request);
    }

    static Reply Approve(Books books, PaymentIntent intent, Charge charge, EventRequest? request)
    {
        books.Ledger.Authorize(intent, charge.Id);
        intent = intent with { LatestCharge = charge.Id };
        if (intent.CaptureMethod is "manual")
        {
            Save(books, charge, "charge.succeeded", request);
            return Save(books, intent with { Status = "requires_capture", AmountCapturable = intent.Amount },
                "payment_intent.amount_capturable_updated", request);
        }

        books.Ledger.Capture(intent, charge.Id, intent.Amount);
        Save(books, charge with { Captured = true, AmountCaptured = charge.Amount }, "charge.succeeded", request);
        return Save(books, intent with { Status = "succeeded", AmountReceived = intent.Amount },
            "payment_intent.succeeded", request);
    }

    // The intent survives a decline: another card may be tried on it.
    static Reply Decline(Books books, PaymentIntent intent, Charge charge, Card card, EventRequest? request)
    {
        var error = new Error("card_error", card.Message, card.Code, DeclineCode: card.Decline)
        {
            Status = 402, Charge = charge.Id, PaymentMethod = books.Any(charge.PaymentMethod),
        };
        Save(books, charge with
        {
            Status = "failed",
            Paid = false,
            FailureCode = card.Code,
            FailureMessage = card.Message,
        }, "charge.failed", request);
        var saved = Save(books, intent with
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

    static JsonNode Save(Books books, PaymentIntent intent, string type, EventRequest? request)
    {
        var version = books.VersionOf(intent.Id);
        var saved = books.Save(intent, version);
        books.Emit(type, saved, version, request);
        return saved;
    }

    static void Save(Books books, Charge charge, string type, EventRequest? request)
    {
        var version = books.VersionOf(charge.PaymentIntent);
        books.Emit(type, books.Save(charge, version), version, request);
    }
}
