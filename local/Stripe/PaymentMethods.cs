namespace Ticketing.StripeServer;

/// <summary>Cards. A number is looked up among the test cards and forgotten: never stored, never logged.</summary>
static class PaymentMethods
{
    const string TestPrefix = "pm_card_";

    static readonly Error NotATestCard = Wrong(
        "Your card was declined. Your request was in test mode, but used a non test card. " +
        "For a list of valid test cards, visit: https://stripe.com/docs/testing.",
        "card_error", "card_declined", "number")
        with
    { DeclineCode = "test_mode_live_card" };

    public static Reply Create(Books books, Call call)
    {
        if (call.Form.Required("type") is not "card" || call.Form.Error is not null)
            return call.Form.Error ?? Error.Invalid("Here only cards are known.", null, "type");
        var (method, refused) = FromCard(books, call, "card");
        return refused ?? (Reply)books.Any(method!.Id)!;
    }

    public static Reply Retrieve(Books books, Call call, string id) =>
        !call.Browser && books.Method(id) is not null ? books.Any(id)! : Error.Missing("PaymentMethod", id);

    /// <summary>The method a call names: an id, a test method, or a card from the browser; or nothing.</summary>
    public static (PaymentMethod? Chosen, Error? Error) Chosen(Books books, Call call)
    {
        if (call.Form.Text("payment_method_data[card][number]") is not null)
            return FromCard(books, call, "payment_method_data[card]");
        if (call.Form.Text("payment_method") is not { } id)
            return (null, null);
        if (books.Method(id) is { } known)
            return (known, null);
        return id.StartsWith(TestPrefix, StringComparison.Ordinal) && Cards.Named(id[TestPrefix.Length..]) is { } card
            ? (Save(books, call, card, 12, DateTimeOffset.FromUnixTimeSeconds(books.Now).Year + 1), null)
            : (null, Error.Missing("PaymentMethod", id, "payment_method"));
    }

    static (PaymentMethod? Chosen, Error? Error) FromCard(Books books, Call call, string at)
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
        return Flaw(books, number, month, year, cvc) is { } flaw ? (null, flaw)
            : (Save(books, call, Cards.Numbered(number)!, (int)month, (int)year), null);
    }

    static Error? Flaw(Books books, string number, long month, long year, string cvc)
    {
        var today = DateTimeOffset.FromUnixTimeSeconds(books.Now);
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

    static PaymentMethod Save(Books books, Call call, Card card, int month, int year)
    {
        var method = new PaymentMethod(
            books.NewId("pm"), books.Now, new PaymentCard(card.Brand, card.Last4, month, year, card.Name));
        books.Save(method, call.ApiVersion);
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
