using System.Collections.Frozen;
using System.Globalization;

namespace Ticketing.Contracts;

/// <summary>
/// The currencies of ISO 4217 that people pay with, in lower case as Stripe writes them. The number of digits is taken
/// from here only: .NET, ICU and browsers differ, and would show another amount than the one Stripe charges.
/// </summary>
/// <remarks>
/// Units and bounds are those of docs.stripe.com/currencies. A code stays in the table when Stripe or the country gives
/// it up: stored prices keep their meaning.
/// </remarks>
public static class Currencies
{
    const string TwoDigits = """
        aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny cop
        crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd hkd hnl htg huf idr ils inr
        irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad
        ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn
        syp szl thb tjs tmt top try ttd twd tzs uah usd uyu uzs ves wst xcd xcg yer zar zmw
        """;
    const string NoDigits = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
    /// <summary>Used in whole units, but Stripe expects hundredths: 5 ISK are 500.</summary>
    const string NoDigitsButHundredths = "isk ugx";
    const string ThreeDigits = "bhd iqd jod kwd lyd omr tnd";

    /// <summary>Not on Stripe's list, or replaced by another currency (ang by xcg, bgn by eur).</summary>
    const string NeverCharged = "ang bgn btn cup ern ghs iqd irr kpw lyd mru sdg ssp stn syp tmt ves";

    /// <summary>
    /// Stripe's least amounts, in its units, and below them those of currencies without one whose unit is worth more
    /// than a dollar. Every charge has to be worth half a dollar; what that is changes daily, so only amounts that are
    /// certainly worth less are refused.
    /// </summary>
    const string Least = """
        usd 50 aed 200 ars 50 aud 50 brl 50 cad 50 chf 50 cop 50 czk 1500 dkk 250 eur 50 gbp 30 hkd 400 huf 17500
        idr 50 ils 50 inr 50 jpy 50 krw 50 mxn 1000 myr 200 nok 300 nzd 50 php 50 pln 200 ron 200 rub 50 sek 300 sgd 50
        thb 1000 zar 50
        bhd 150 fkp 30 gip 30 jod 300 kwd 150 kyd 30 omr 150 shp 30 tnd 500
        """;
    /// <summary>Of a currency that is not named in <see cref="Least"/>, in the units that Stripe counts in.</summary>
    const long LeastOfOthers = 50;

    /// <summary>In Stripe's units: eight digits, with these exceptions.</summary>
    const string Greatest = "idr 999999999999 cop 9999999999 inr 999999999";
    const long GreatestOfOthers = 99_999_999;

    static readonly FrozenDictionary<string, long> leasts = Amounts(Least), greatests = Amounts(Greatest);
    static readonly FrozenSet<string> neverCharged = [.. Words(NeverCharged)];

    static readonly FrozenDictionary<string, Currency> known = Of(TwoDigits, 2, 1).Concat(Of(NoDigits, 0, 1))
        .Concat(Of(NoDigitsButHundredths, 0, 100)).Concat(Of(ThreeDigits, 3, 1))
        .ToFrozenDictionary(currency => currency.Code);

    public static IReadOnlyCollection<Currency> All => known.Values;

    /// <returns>Null for an unknown code.</returns>
    public static Currency? Find(string code) => known.GetValueOrDefault(code);

    public static bool IsKnown(string code) => known.ContainsKey(code);

    /// <summary>Digits after the decimal point; 2 for an unknown code.</summary>
    public static int DigitsOf(string code) => Find(code)?.Digits ?? 2;

    /// <summary>This amount in Stripe's units.</summary>
    public static long ToStripe(Money money) => money.Amount * (Find(money.Currency)?.StripeFactor ?? 1);

    /// <summary>
    /// Stripe's amount in minor units. An amount that is not a whole number of them becomes 0, so that it differs from
    /// every price: 4550 in ISK are not 4550 ISK.
    /// </summary>
    public static Money FromStripe(long amount, string code) =>
        (Find(code)?.StripeFactor ?? 1) is var factor && amount % factor == 0
            ? new(amount / factor, code) : new(0, code);

    static IEnumerable<Currency> Of(string codes, int digits, int factor) => Words(codes).Select(code => new Currency(
        code, digits, factor, leasts.TryGetValue(code, out var least) ? least / factor : LeastOfOthers,
        greatests.GetValueOrDefault(code, GreatestOfOthers) / factor, !neverCharged.Contains(code)));

    static FrozenDictionary<string, long> Amounts(string text) => Words(text).Chunk(2).ToFrozenDictionary(
        pair => pair[0], pair => long.Parse(pair[1], CultureInfo.InvariantCulture));

    static string[] Words(string text) => text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
