using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>The calls of <c>/v1/payment_intents</c>, each inside one transaction.</summary>
static class PaymentIntents
{
    const long LimitMax = 100, LimitDefault = 10;

    public static Reply Create(StripeStore store, Call call)
    {
        var form = call.Form;
        var currency = form.Required("currency").ToLowerInvariant();
        var intent = new PaymentIntent
        {
            Id = store.NewId("pi"),
            ClientSecret = "",
            Amount = form.Required("amount") is "" ? 0 : form.Integer("amount", Amounts.Most) ?? 0,
            Currency = currency,
            CaptureMethod = form.Choice("capture_method", "automatic", "automatic_async", "manual") ?? "automatic",
            Created = store.Now,
            Description = form.Text("description"),
            Metadata = form.Map("metadata"),
            Status = "requires_payment_method",
        };
        var confirm = form.Flag("confirm");
        if (form.Error is { } wrong) return wrong;
        if (call.Browser)
            return Error.Invalid("This API call cannot be made with a publishable API key.") with { Status = 403 };
        if (Amounts.Refusal(currency, intent.Amount) is { } refusal) return refusal;

        var method = PaymentMethods.Chosen(store, call);
        if (method.Error is { } refused) return refused;
        if (confirm && method.Chosen is null) return Error.Invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", "parameter_missing",
            "payment_method");

        intent = intent with { ClientSecret = store.NewId(intent.Id + "_secret") };
        if (method.Chosen is { } card)
            intent = intent with { Status = "requires_confirmation", PaymentMethod = card.Id };
        var saved = store.Save(intent, call.ApiVersion);
        store.Emit("payment_intent.created", saved, call.ApiVersion, call.Request);
        return confirm ? IntentTransitions.Charge(store, call, intent, method.Chosen!) : saved;
    }

    public static Reply Retrieve(StripeStore store, Call call, string id) =>
        store.Intent(id) is { } intent && call.MayTouch(intent) ? store.Json(id)! : Error.Missing("payment_intent", id);

    public static Reply Update(StripeStore store, Call call, string id)
    {
        if (store.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var amount = call.Form.Integer("amount", Amounts.Most);
        var metadata = call.Form.Map("metadata");
        var description = call.Form.Text("description");
        if (call.Form.Error is { } wrong) return wrong;
        if (amount is not null && amount != intent.Amount
            && !intent.Status.StartsWith("requires_", StringComparison.Ordinal)
            || amount is not null && amount != intent.Amount && intent.Status is "requires_capture")
            return Error.Unexpected(
                $"This PaymentIntent's amount could not be updated because it has a status of {intent.Status}.",
                store.Json(id)!);

        if (amount is { } other && Amounts.Refusal(intent.Currency, other) is { } refusal) return refusal;

        // An empty value removes the key; keys that are not named stay.
        var merged = new SortedDictionary<string, string>(intent.Metadata.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
        {
            if (value is "") merged.Remove(key);
            else merged[key] = value;
        }

        return store.Save(
            intent with
            {
                Amount = amount ?? intent.Amount,
                Metadata = merged,
                Description = description ?? intent.Description,
            },
            store.VersionOf(id));
    }

    public static Reply Confirm(StripeStore store, Call call, string id)
    {
        if (store.Intent(id) is not { } intent || !call.MayTouch(intent)) return Error.Missing("payment_intent", id);
        var (method, refused) = PaymentMethods.Chosen(store, call);
        if (refused is not null) return refused;
        if (intent.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            return Error.Unexpected(
                "You cannot confirm this PaymentIntent because it has a status of " + intent.Status + ".",
                store.Json(id)!);

        method ??= intent.PaymentMethod is { } known ? store.Method(known) : null;
        if (method is null) return Error.Unexpected(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", store.Json(id)!);
        return IntentTransitions.Charge(store, call, intent, method);
    }

    public static Reply Capture(StripeStore store, Call call, string id)
    {
        if (store.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var amount = call.Form.Integer("amount_to_capture", Amounts.Most) ?? intent.AmountCapturable;
        if (call.Form.Error is { } wrong) return wrong;
        if (intent.Status is not "requires_capture") return Error.Unexpected(
            $"This PaymentIntent could not be captured because it has a status of {intent.Status}. " +
            "Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
            store.Json(id)!);
        if (amount > intent.AmountCapturable) return Error.Invalid(
            $"The amount to capture is greater than {intent.AmountCapturable}.", "amount_too_large",
            "amount_to_capture");
        return IntentTransitions.Capture(store, call, intent, amount);
    }

    public static Reply Cancel(StripeStore store, Call call, string id)
    {
        if (store.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var reason = call.Form.Choice(
            "cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        if (call.Form.Error is { } wrong) return wrong;
        // Stripe cancels a processing payment only "in rare cases"; this server never does.
        if (!intent.Status.StartsWith("requires_", StringComparison.Ordinal)) return Error.Unexpected(
            $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent " +
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, " +
            "requires_confirmation, requires_action.", store.Json(id)!);
        return IntentTransitions.Cancel(store, call, intent, reason);
    }

    public static Reply List(StripeStore store, Call call)
    {
        var limit = call.Form.Integer("limit", LimitMax) ?? LimitDefault;
        return call.Form.Error
            ?? (Reply)Page(store.List("payment_intent", null, limit), limit, "list", "/v1/payment_intents");
    }

    /// <summary>Of Stripe's query language only <c>metadata['key']:'value'</c>.</summary>
    public static Reply Search(StripeStore store, Call call)
    {
        var query = call.Form.Required("query");
        var limit = call.Form.Integer("limit", LimitMax) ?? LimitDefault;
        if (call.Form.Error is { } wrong) return wrong;
        var parts = query.Split('\'', '"');
        if (parts is not ["metadata[", var key, "]:", var value, ""])
            return Error.Invalid(
                "We were unable to parse your search query. Here: metadata['key']:'value'.", null, "query");
        return Page(store.WithMetadata(key, value, limit), limit, "search_result", "/v1/payment_intents/search");
    }

    public static JsonObject Page(List<JsonNode> found, long limit, string kind, string url) => new()
    {
        ["object"] = kind,
        ["data"] = new JsonArray([.. found.Take((int)limit)]),
        ["has_more"] = found.Count > limit,
        ["url"] = url,
    };
}
