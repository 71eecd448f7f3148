using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// What lies in the store under an aggregate's key: its state and the events decided with it, in one write.
/// </summary>
/// <param name="State">Null in a fence of an aggregate that does not exist yet: it only makes earlier saves fail.</param>
/// <param name="Outbox">Decided, and not known to be published by the process that saved last.</param>
/// <param name="Entries">The journal entries of the last writes, newest first: after a lost reply a writer finds out that
/// its save had landed, also when another has written since, and does not decide a second time.</param>
public sealed record Document<T>(T? State, ImmutableArray<Event> Outbox, ImmutableArray<string> Entries) where T : class
{
    public const int EntriesMax = 8;
}
