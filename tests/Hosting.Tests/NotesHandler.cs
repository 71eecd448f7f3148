using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

/// <summary>What the app does with a message, as a test wants it; one per host.</summary>
sealed class NotesHandler
{
    public bool RefusesAll { get; set; }
    public bool StoreIsAway { get; set; }

    public Ack Hear(OrderId order) =>
        StoreIsAway ? throw new TryAgainException("The store is away.")
        : RefusesAll ? throw new InvalidOperationException($"{order} never works.")
        : Ack.Applied;
}
