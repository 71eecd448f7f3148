namespace Ticketing.StripeServer;

/// <summary>Cards. A number is looked up among the test cards; it is never stored or logged.</summary>
static class PaymentMethods
{
    const string TestPrefix = "pm_card_";

    static readonly Error NotATestCard = Wrong(
        "Your card was declined. Your request was in test mode, but used a non test card. " +
        "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
        "card_error", "card_declined", "number")
        with
    { DeclineCode = "test_mode_live_card" };

    public static Reply Create(StripeStore store, Call call)
    {
        if (call.Form.Required("type") is not "card" || call.Form.Error is not null)
            return call.Form.Error ?? Error.Invalid("This server supports only cards.", null, "type");
        var (method, refused) = FromCard(store, call, "card");
        return refused ?? (Reply)store.Json(method!.Id)!;
    }

    public static Reply Retrieve(StripeStore store, Call call, string id) =>
        !call.Browser && store.Method(id) is not null ? store.Json(id)! : Error.Missing("PaymentMethod", id);

    /// <summary>The payment method in a call: an id, a test method, or a card typed in the browser; or none.</summary>
    public static (PaymentMethod? Chosen, Error? Error) Chosen(StripeStore store, Call call)
    {
        if (call.Form.Text("payment_method_data[card][number]") is not null)
            return FromCard(store, call, "payment_method_data[card]");
        if (call.Form.Text("payment_method") is not { } id)
            return (null, null);
        if (store.Method(id) is { } known)
            return (known, null);
        return id.StartsWith(TestPrefix, StringComparison.Ordinal) && Cards.Named(id[TestPrefix.Length..]) is { } card
            ? (Save(store, call, card, 12, DateTimeOffset.FromUnixTimeSeconds(store.Now).Year + 1), null)
            : (null, Error.Missing("PaymentMethod", id, "payment_method"));
    }

    static (PaymentMethod? Chosen, Error? Error) FromCard(StripeStore store, Call call, string at)
    {
        if (!call.Browser)
            return (null, Wrong("Sending credit card numbers directly to the Stripe API is generally unsafe.",
                "invalid_request_error", null, null));
        var number = call.Form.Required($"{at}[number]");
        var month = call.Form.Integer($"{at}[exp_month]", 9999) ?? 0;
        var year = call.Form.Integer($"{at}[exp_year]", 9999) ?? 0;
        var cvc = call.Form.Required($"{at}[cvc]");
        if (call.Form.Error is { } wrong) return (null, wrong);
        if (year < 100) year += 2000;
        return CardMistake(store, number, month, year, cvc) is { } mistake ? (null, mistake)
            : (Save(store, call, Cards.Numbered(number)!, (int)month, (int)year), null);
    }

    static Error? CardMistake(StripeStore store, string number, long month, long year, string cvc)
    {
        var today = DateTimeOffset.FromUnixTimeSeconds(store.Now);
        if (!Luhn(number))
            return Wrong("Your card number is incorrect.", "card_error", "incorrect_number", "number");
        if (month is 0 or > 12)
            return Wrong("Your card's expiration month is invalid.", "card_error", "invalid_expiry_month", "exp_month");
        if (year < today.Year || year == today.Year && month < today.Month)
            return Wrong("Your card's expiration year is invalid.", "card_error", "invalid_expiry_year", "exp_year");
        if (cvc.Length is not (3 or 4) || !cvc.All(char.IsAsciiDigit))
            return Wrong("Your card's security code is invalid.", "card_error", "invalid_cvc", "cvc");
        return Cards.Numbered(number) is null ? NotATestCard : null;
    }

    static PaymentMethod Save(StripeStore store, Call call, Card card, int month, int year)
    {
        var method = new PaymentMethod(
            store.NewId("pm"), store.Now, new PaymentCard(card.Brand, card.Last4, month, year, card.Name));
        store.Save(method, call.ApiVersion);
        return method;
    }

    static Error Wrong(string message, string type, string? code, string? param) =>
        new(type, message, code, param) { Status = 402, BeforeExecution = true };

    static bool Luhn(string number)
    {
        var digits = number.Where(char.IsAsciiDigit).Reverse().Select(digit => digit - '0').ToArray();
        return digits.Length is >= 12 and <= 19
            && digits.Select((digit, i) => i % 2 is 0 ? digit : digit * 2 % 10 + digit / 5).Sum() % 10 is 0;
    }
}
