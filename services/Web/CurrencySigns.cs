using Ticketing.Contracts;

namespace Ticketing.Web;

/// <summary>The signs of currencies: what prices are shown with, and what people type.</summary>
static class CurrencySigns
{
    // A sign that several countries use alone ($, kr, ¥) is not shown: the code says which money it is.
    static readonly Dictionary<string, string> shown = new()
    {
        ["usd"] = "US$", ["cad"] = "CA$", ["aud"] = "A$", ["nzd"] = "NZ$", ["mxn"] = "MX$", ["brl"] = "R$",
        ["eur"] = "€", ["gbp"] = "£", ["inr"] = "₹", ["krw"] = "₩",
    };

    static readonly Dictionary<string, string[]> typed = new (string Signs, string Codes)[]
    {
        ("$", "usd cad aud nzd mxn hkd sgd twd ars clp cop brl bbd bmd bsd bzd fjd jmd kyd lrd nad sbd srd ttd xcd"),
        ("us$", "usd"), ("ca$ c$", "cad"), ("a$ au$", "aud"), ("nz$", "nzd"), ("mx$", "mxn"), ("r$", "brl"),
        ("hk$", "hkd"), ("s$", "sgd"), ("€", "eur"), ("£", "gbp egp fkp gip shp"), ("¥", "jpy cny"), ("円", "jpy"),
        ("元", "cny"), ("₹", "inr"), ("₩", "krw"), ("kr kr.", "sek nok dkk isk"), ("zł", "pln"), ("kč", "czk"),
        ("ft", "huf"), ("₺", "try"), ("₽", "rub"), ("r", "zar"), ("fr fr. sfr sfr.", "chf"), ("₪", "ils"), ("฿", "thb"),
        ("₫", "vnd"), ("₴", "uah"), ("₦", "ngn"), ("₱", "php"),
    }.SelectMany(row => row.Signs.Split(' ').Select(sign => (sign, codes: row.Codes.Split(' '))))
        .ToDictionary(row => row.sign, row => row.codes);

    public static string Of(string code) => shown.GetValueOrDefault(code) ?? code.ToUpperInvariant();

    /// <summary>The currencies that a sign or code may stand for; none if it is neither.</summary>
    public static IReadOnlyList<string> CurrenciesOf(string sign)
    {
        var lower = sign.ToLowerInvariant();
        return typed.GetValueOrDefault(lower) ?? (Currencies.IsKnown(lower) ? [lower] : []);
    }
}
