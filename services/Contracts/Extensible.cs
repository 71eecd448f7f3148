using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>A record in a stored document or an event. Members that a newer build has added are written back.</summary>
public abstract record Extensible
{
    UnknownMembers unknown;

    /// <summary>The members that this build does not know; null if there are none.</summary>
    /// <remarks>Not init: the generated serializer takes that for a parameter of the constructor.</remarks>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get => unknown.Members; set => unknown = new(value); }

    protected virtual bool PrintMembers(StringBuilder builder) => false;
}

/// <summary>
/// Members that this build does not know. Rules compare records to see whether something changed, and cannot decide by what
/// they do not know: all values are equal.
/// </summary>
readonly struct UnknownMembers(IDictionary<string, JsonElement>? members) : IEquatable<UnknownMembers>
{
    public IDictionary<string, JsonElement>? Members { get; } = members;

    public bool Equals(UnknownMembers other) => true;
    public override bool Equals(object? obj) => obj is UnknownMembers;
    public override int GetHashCode() => 0;
}
