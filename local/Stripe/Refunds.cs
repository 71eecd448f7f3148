namespace Ticketing.StripeServer;

/// <summary>The calls of <c>/v1/refunds</c>.</summary>
static class Refunds
{
    const long LimitMax = 100, LimitDefault = 10;

    public static Reply Create(StripeStore store, Call call)
    {
        var form = call.Form;
        var intentId = form.Text("payment_intent");
        var chargeId = form.Text("charge");
        var asked = form.Integer("amount", Amounts.Most);
        var reason = form.Choice("reason", "duplicate", "fraudulent", "requested_by_customer");
        var metadata = form.Map("metadata");
        if (form.Error is { } wrong) return wrong;
        if (intentId is null == chargeId is null)
            return Error.Invalid(
                "One of the following params should be provided for this request: payment_intent or charge.");

        intentId ??= store.Charge(chargeId!)?.PaymentIntent;
        if (intentId is null) return Error.Missing("charge", chargeId!, "charge");
        if (store.Intent(intentId) is not { } intent || call.Browser)
            return Error.Missing("payment_intent", intentId, "payment_intent");
        if (intent.Status is not "succeeded" || store.Charge(intent.LatestCharge!) is not { } charge)
            return new Error("invalid_request_error",
                $"This PaymentIntent ({intent.Id}) does not have a successful charge to refund.");

        var left = charge.AmountCaptured - charge.AmountRefunded;
        if (left is 0) return new Error(
            "invalid_request_error", $"Charge {charge.Id} has already been refunded.", "charge_already_refunded");
        if (asked > left) return Error.Invalid(
            $"Refund amount ({asked}) is greater than unrefunded amount on charge ({left})", null, "amount");
        if (asked is { } part && Amounts.Part(intent.Currency, part) is { } odd) return odd;
        return IntentTransitions.Refund(store, call, intent, charge, new Refund
        {
            Id = store.NewId("re"),
            Amount = asked ?? left,
            Charge = charge.Id,
            Created = store.Now,
            Currency = intent.Currency,
            Metadata = metadata,
            PaymentIntent = intent.Id,
            Reason = reason,
        });
    }

    public static Reply Retrieve(StripeStore store, Call call, string id) =>
        !call.Browser && store.Refund(id) is not null ? store.Json(id)! : Error.Missing("refund", id);

    public static Reply List(StripeStore store, Call call)
    {
        var limit = call.Form.Integer("limit", LimitMax) ?? LimitDefault;
        var intent = call.Form.Text("payment_intent");
        return call.Form.Error
            ?? (Reply)PaymentIntents.Page(store.List("refund", intent, limit), limit, "list", "/v1/refunds");
    }
}
