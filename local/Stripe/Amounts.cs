namespace Ticketing.StripeServer;

/// <summary>
/// Which currencies and amounts Stripe charges (docs.stripe.com/currencies), for an account that settles in each of
/// them. Not the shop's table: a mistake in that one would be repeated here, and no test would see it.
/// </summary>
static class Amounts
{
    const string Charged = """
        usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp
        cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr
        isk jmd jpy kes kgs khr kmf krw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr
        mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd
        std szl thb tjs top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
        bhd jod kwd omr tnd
        """;
    /// <summary>Stripe knows the codes, and this account cannot charge in them.</summary>
    const string Unsupported = "btn ghs hrk usdc eek lvl ltl svc vef sll";
    const string ThreeDecimals = "bhd jod kwd omr tnd", Whole = "isk ugx";

    static readonly Dictionary<string, long> least = Pairs("""
        aed 200 czk 1500 dkk 250 gbp 30 hkd 400 huf 17500 mxn 1000 myr 200 nok 300 pln 200 ron 200 sek 300 thb 1000
        """);
    // Of a currency without a figure of its own the least depends on the day's rate. These are never reached.
    const string WithLeast = "usd ars aud brl cad chf cop eur idr ils inr jpy krw nzd php rub sgd zar";
    const long LeastMost = 50, GreatestMost = 99_999_999;
    static readonly Dictionary<string, long> greatest =
        Pairs("idr 999999999999 cop 9999999999 inr 999999999");

    /// <summary>The greatest amount in any currency.</summary>
    public const long Most = 999_999_999_999;

    /// <returns>Why the charge cannot be made; null if it can.</returns>
    public static Error? Refusal(string currency, long amount)
    {
        if (!Has(Charged, currency) && !Has(Unsupported, currency))
            return Error.Invalid($"Invalid currency: {currency}. Stripe currently supports these currencies: "
                + string.Join(", ", Words(Charged)), null, "currency");
        if (Has(Unsupported, currency))
            return Error.Invalid($"Stripe accounts in US do not support {currency}.", null, "currency");
        if (amount > greatest.GetValueOrDefault(currency, GreatestMost))
            return Error.Invalid($"Amount must be no more than {greatest.GetValueOrDefault(currency, GreatestMost)}.",
                "amount_too_large", "amount");
        if (amount < (Has(WithLeast, currency) ? LeastMost : least.GetValueOrDefault(currency, 1)))
            return Error.Invalid("Amount must convert to at least 50 cents.", "amount_too_small", "amount");
        return Part(currency, amount);
    }

    /// <summary>A part of a charge, refunded or captured, has no least.</summary>
    public static Error? Part(string currency, long amount)
    {
        var step = Has(Whole, currency) ? 100 : Has(ThreeDecimals, currency) ? 10 : 1;
        return amount % step == 0 ? null : Error.Invalid(
            $"Invalid amount: an amount in {currency} has to be a multiple of {step}.", "parameter_invalid_integer",
            "amount");
    }

    static bool Has(string codes, string code) => Words(codes).Contains(code);

    static string[] Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    static Dictionary<string, long> Pairs(string text) => Words(text).Chunk(2)
        .ToDictionary(pair => pair[0], pair => long.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));
}
