using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// The document under an aggregate's key: its state and the events decided with it, in one write.
/// </summary>
/// <param name="State">Null in a fence of an aggregate that does not exist yet.</param>
/// <param name="Outbox">Events not yet known as published by the process that saved last.</param>
/// <param name="Entries">The write ids of the last saves, newest first. After a lost reply a writer finds its own one
/// here, even if another has saved since, and does not decide a second time. (Builds before the slots stored their journal
/// entries' ids here; the name is theirs.)</param>
public sealed record Document<T>(T? State, ImmutableArray<Event> Outbox, ImmutableArray<string> Entries)
    : Extensible where T : class
{
    /// <summary>The W3C trace context of the newest event, for repeats; null if it had none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TraceParent { get; init; }

    public const int EntriesMax = 8;
}
