namespace Ticketing.Contracts;

/// <summary>An amount in minor units (cents) of an ISO 4217 currency in lower case, e.g. 4550 <c>usd</c>.</summary>
public readonly record struct Money(long Amount, string Currency)
{
    public override string ToString() => $"{Amount} {Currency}";
}
