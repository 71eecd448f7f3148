using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// What lies in the store under an aggregate's key: its state and the events decided with it, in one write.
/// </summary>
/// <param name="State">Null in a fence: a document that says only "whoever loaded before me has lost".</param>
/// <param name="Outbox">Decided, and not yet known as published by one who wrote after them.</param>
/// <param name="Entries">The journal entries of the last writes, newest first: after a lost reply a writer finds out that
/// its save had landed, also when another has written since, and does not decide a second time.</param>
public sealed record Document<T>(T? State, ImmutableArray<Event> Outbox, ImmutableArray<string> Entries) where T : class
{
    public const int EntriesMax = 8;
}
