using System.Collections.Frozen;

namespace Ticketing.Contracts;

/// <summary>
/// The currencies of ISO 4217 that people pay with, in lower case as Stripe writes them. The number of digits is taken
/// from here only: .NET, ICU and browsers differ, and would show another amount than the one Stripe charges.
/// </summary>
public static class Currencies
{
    const string TwoDigits = """
        aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf cny cop
        crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd hkd hnl htg huf idr ils inr
        irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mru mur mvr mwk mxn myr mzn nad
        ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn
        syp szl thb tjs tmt top try ttd twd tzs uah usd uyu uzs ves wst xcd yer zar zmw
        """;
    const string NoDigits = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";
    /// <summary>Used in whole units, but Stripe expects hundredths: 5 ISK are 500.</summary>
    const string NoDigitsButHundredths = "isk ugx";
    const string ThreeDigits = "bhd iqd jod kwd lyd omr tnd";

    /// <param name="Digits">After the decimal point; the minor unit of <see cref="Money"/> is the last of them.</param>
    /// <param name="StripeFactor">How many of Stripe's units one minor unit is.</param>
    readonly record struct Currency(int Digits, int StripeFactor);

    static readonly FrozenDictionary<string, Currency> Known = Of(TwoDigits, new(2, 1)).Concat(Of(NoDigits, new(0, 1)))
        .Concat(Of(NoDigitsButHundredths, new(0, 100))).Concat(Of(ThreeDigits, new(3, 1))).ToFrozenDictionary();

    public static bool IsKnown(string code) => Known.ContainsKey(code);

    /// <summary>Digits after the decimal point; 2 for an unknown code.</summary>
    public static int DigitsOf(string code) => Find(code).Digits;

    /// <summary>This amount in Stripe's units.</summary>
    public static long ToStripe(Money money) => money.Amount * Find(money.Currency).StripeFactor;

    /// <summary>
    /// Stripe's amount in minor units. An amount that is not a whole number of them is returned unchanged, so that it
    /// differs from every price.
    /// </summary>
    public static Money FromStripe(long amount, string code) =>
        Find(code).StripeFactor is var factor && amount % factor == 0 ? new(amount / factor, code) : new(amount, code);

    static IEnumerable<KeyValuePair<string, Currency>> Of(string codes, Currency currency) =>
        codes.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)
            .Select(code => KeyValuePair.Create(code, currency));

    static Currency Find(string code) => Known.GetValueOrDefault(code, new(2, 1));
}
