namespace Ticketing.Contracts;

/// <summary>The moment an order was to end by has passed on expiration's clock; the order's own deadline decides.</summary>
public sealed record ExpirationElapsed(OrderId OrderId, DateTimeOffset ExpiresAt);

public static class ExpirationEvents
{
    public const string Elapsed = "expiration.elapsed";
}
