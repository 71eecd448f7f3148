using System.Text.Json.Nodes;

namespace Ticketing.StripeServer;

/// <summary>The calls of <c>/v1/payment_intents</c>, each inside one transaction.</summary>
static class PaymentIntents
{
    /// <summary>Eight digits, as Stripe has it.</summary>
    public const long AmountMax = 99_999_999;
    const long LimitMax = 100, LimitDefault = 10;

    public static Reply Create(Books books, Call call)
    {
        var form = call.Form;
        var currency = form.Required("currency").ToLowerInvariant();
        var intent = new PaymentIntent
        {
            Id = books.NewId("pi"),
            ClientSecret = "",
            Amount = form.Required("amount") is "" ? 0 : form.Integer("amount", AmountMax) ?? 0,
            Currency = currency,
            CaptureMethod = form.Choice("capture_method", "automatic", "automatic_async", "manual") ?? "automatic",
            Created = books.Now,
            Description = form.Text("description"),
            Metadata = form.Map("metadata"),
            Status = "requires_payment_method",
        };
        var confirm = form.Flag("confirm");
        if (form.Error is { } wrong) return wrong;
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterLower))
            return Error.Invalid($"Invalid currency: {currency}.", null, "currency");
        if (call.Browser)
            return Error.Invalid("This API call cannot be made with a publishable API key.") with { Status = 403 };

        var method = PaymentMethods.Chosen(books, call);
        if (method.Error is { } refused) return refused;
        if (confirm && method.Chosen is null) return Error.Invalid(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", "parameter_missing",
            "payment_method");

        intent = intent with { ClientSecret = books.NewId(intent.Id + "_secret") };
        if (method.Chosen is { } card)
            intent = intent with { Status = "requires_confirmation", PaymentMethod = card.Id };
        var saved = books.Save(intent, call.ApiVersion);
        books.Emit("payment_intent.created", saved, call.ApiVersion, call.Request);
        return confirm ? Bank.Charge(books, call, intent, method.Chosen!) : saved;
    }

    public static Reply Retrieve(Books books, Call call, string id) =>
        books.Intent(id) is { } intent && call.MayTouch(intent) ? books.Any(id)! : Error.Missing("payment_intent", id);

    public static Reply Update(Books books, Call call, string id)
    {
        if (books.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var amount = call.Form.Integer("amount", AmountMax);
        var metadata = call.Form.Map("metadata");
        var description = call.Form.Text("description");
        if (call.Form.Error is { } wrong) return wrong;
        if (amount is not null && amount != intent.Amount
            && !intent.Status.StartsWith("requires_", StringComparison.Ordinal)
            || amount is not null && amount != intent.Amount && intent.Status is "requires_capture")
            return Error.Unexpected(
                $"This PaymentIntent's amount could not be updated because it has a status of {intent.Status}.",
                books.Any(id)!);

        // An empty value takes the key away; keys that are not named stay.
        var merged = new SortedDictionary<string, string>(intent.Metadata.ToDictionary(), StringComparer.Ordinal);
        foreach (var (key, value) in metadata)
        {
            if (value is "") merged.Remove(key);
            else merged[key] = value;
        }

        return books.Save(
            intent with
            {
                Amount = amount ?? intent.Amount,
                Metadata = merged,
                Description = description ?? intent.Description,
            },
            books.VersionOf(id));
    }

    public static Reply Confirm(Books books, Call call, string id)
    {
        if (books.Intent(id) is not { } intent || !call.MayTouch(intent)) return Error.Missing("payment_intent", id);
        var (method, refused) = PaymentMethods.Chosen(books, call);
        if (refused is not null) return refused;
        if (intent.Status is not ("requires_payment_method" or "requires_confirmation" or "requires_action"))
            return Error.Unexpected(
                "You cannot confirm this PaymentIntent because it has a status of " + intent.Status + ".",
                books.Any(id)!);

        method ??= intent.PaymentMethod is { } known ? books.Method(known) : null;
        if (method is null) return Error.Unexpected(
            "You cannot confirm this PaymentIntent because it's missing a payment method.", books.Any(id)!);
        return Bank.Charge(books, call, intent, method);
    }

    public static Reply Capture(Books books, Call call, string id)
    {
        if (books.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var amount = call.Form.Integer("amount_to_capture", AmountMax) ?? intent.AmountCapturable;
        if (call.Form.Error is { } wrong) return wrong;
        if (intent.Status is not "requires_capture") return Error.Unexpected(
            $"This PaymentIntent could not be captured because it has a status of {intent.Status}. " +
            "Only a PaymentIntent with one of the following statuses may be captured: requires_capture.",
            books.Any(id)!);
        if (amount > intent.AmountCapturable) return Error.Invalid(
            $"The amount to capture is greater than {intent.AmountCapturable}.", "amount_too_large",
            "amount_to_capture");
        return Bank.Capture(books, call, intent, amount);
    }

    public static Reply Cancel(Books books, Call call, string id)
    {
        if (books.Intent(id) is not { } intent || call.Browser) return Error.Missing("payment_intent", id);
        var reason = call.Form.Choice(
            "cancellation_reason", "duplicate", "fraudulent", "requested_by_customer", "abandoned");
        if (call.Form.Error is { } wrong) return wrong;
        // Stripe cancels a processing payment only "in rare cases"; here it never does.
        if (!intent.Status.StartsWith("requires_", StringComparison.Ordinal)) return Error.Unexpected(
            $"You cannot cancel this PaymentIntent because it has a status of {intent.Status}. Only a PaymentIntent " +
            "with one of the following statuses may be canceled: requires_payment_method, requires_capture, " +
            "requires_confirmation, requires_action.", books.Any(id)!);
        return Bank.Cancel(books, call, intent, reason);
    }

    public static Reply List(Books books, Call call)
    {
        var limit = call.Form.Integer("limit", LimitMax) ?? LimitDefault;
        return call.Form.Error
            ?? (Reply)Page(books.List("payment_intent", null, limit), limit, "list", "/v1/payment_intents");
    }

    /// <summary>Of Stripe's query language: <c>metadata['key']:'value'</c>.</summary>
    public static Reply Search(Books books, Call call)
    {
        var query = call.Form.Required("query");
        var limit = call.Form.Integer("limit", LimitMax) ?? LimitDefault;
        if (call.Form.Error is { } wrong) return wrong;
        var parts = query.Split('\'', '"');
        if (parts is not ["metadata[", var key, "]:", var value, ""])
            return Error.Invalid(
                "We were unable to parse your search query. Here: metadata['key']:'value'.", null, "query");
        return Page(books.WithMetadata(key, value, limit), limit, "search_result", "/v1/payment_intents/search");
    }

    public static JsonObject Page(List<JsonNode> found, long limit, string kind, string url) => new()
    {
        ["object"] = kind,
        ["data"] = new JsonArray([.. found.Take((int)limit)]),
        ["has_more"] = found.Count > limit,
        ["url"] = url,
    };
}
