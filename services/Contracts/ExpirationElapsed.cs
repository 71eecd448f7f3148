using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>An order's deadline has passed by expiration's clock; orders compares with its own clock.</summary>
public sealed record ExpirationElapsed(
    [property: JsonRequired] OrderId OrderId, [property: JsonRequired] DateTimeOffset ExpiresAt) : Extensible;

public static class ExpirationEvents
{
    public const string Elapsed = "expiration.elapsed";
}
