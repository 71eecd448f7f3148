using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>An amount in minor units (cents) of an ISO 4217 currency in lower case, e.g. 4550 <c>usd</c>.</summary>
public record struct Money(long Amount, string Currency)
{
    UnknownMembers unknown;

    public long Amount { get; init; } = Amount;
    public string Currency { get; init; } = Currency;

    /// <inheritdoc cref="Extensible.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { readonly get => unknown.Members; set => unknown = new(value); }

    public override readonly string ToString() => $"{Amount} {Currency}";
}
