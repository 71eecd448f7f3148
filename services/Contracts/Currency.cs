using System.Globalization;

namespace Ticketing.Contracts;

/// <summary>One currency of the table in <see cref="Currencies"/>.</summary>
/// <param name="Code">ISO 4217 in lower case, as Stripe writes it.</param>
/// <param name="Digits">After the decimal point; the minor unit of <see cref="Money"/> is the last of them.</param>
/// <param name="StripeFactor">How many of Stripe's units one minor unit is.</param>
/// <param name="Min">The least amount that Stripe can charge, in minor units.</param>
/// <param name="Max">The greatest amount that Stripe can charge, in minor units.</param>
/// <param name="IsCharged">False: Stripe charges no card in it.</param>
public sealed record Currency(string Code, int Digits, int StripeFactor, long Min, long Max, bool IsCharged)
{
    /// <summary>Every amount is a multiple of it: Stripe takes three decimals only if the last one is 0.</summary>
    public long Step => Digits == 3 ? 10 : 1;

    /// <summary>How many minor units the unit that people count in is: 1, 100 or 1000.</summary>
    public long MinorPerMajor => Digits switch { 0 => 1, 3 => 1000, _ => 100 };

    /// <summary>The amount with its digits and nothing else: <c>1234.50</c>.</summary>
    public string Plain(long minor) =>
        ((decimal)minor / MinorPerMajor).ToString("F" + Digits, CultureInfo.InvariantCulture);

    /// <summary>Why this can never be paid, in a sentence; null if it can.</summary>
    public string? WhyNeverPaid(long minor) => this switch
    {
        { IsCharged: false } => $"No card can be charged in {Name}.",
        _ when minor < Min || minor > Max => $"A price in {Name} is from {Plain(Min)} to {Plain(Max)}"
            + (Digits == 0 ? "." : $": in minor units from {Min} to {Max}."),
        _ when minor % Step != 0 => $"The last decimal of a price in {Name} has to be 0: cards are charged in"
            + " tens of its minor unit.",
        _ => null,
    };

    /// <summary>The code as people write it.</summary>
    public string Name => Code.ToUpperInvariant();
}
