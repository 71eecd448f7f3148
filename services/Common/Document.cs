using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// What lies in the store under an aggregate's key: its state and the events decided with it, in one write.
/// </summary>
/// <param name="State">Null in a fence: a document that says only "whoever loaded before me has lost".</param>
/// <param name="Outbox">Decided, and not yet known as published by one who wrote after them.</param>
/// <param name="Entry">The journal entry of this very write: after a lost reply its writer knows it again.</param>
public sealed record Document<T>(T? State, ImmutableArray<Event> Outbox, string? Entry) where T : class;
