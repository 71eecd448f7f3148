using System.Collections.Frozen;

namespace Ticketing.Tickets;

/// <summary>The currencies of ISO 4217 that people pay with, in lower case as Stripe writes them.</summary>
static class Currencies
{
    const string Codes = """
        aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clp
        cny cop crc cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf
        idr ils inr iqd irr isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd
        mmk mnt mop mru mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub
        rwf sar sbd scr sdg sek sgd shp sle sos srd ssp stn syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu
        uzs ves vnd vuv wst xaf xcd xof xpf yer zar zmw
        """;

    static readonly FrozenSet<string> Known =
        Codes.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    public static bool IsKnown(string code) => Known.Contains(code);
}
