using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

/// <summary>The app's message handler, controlled by the test; one per host.</summary>
sealed class NotesHandler
{
    public bool RefusesAll { get; set; }
    public bool StoreFails { get; set; }

    public Ack Handle(OrderId order) =>
        StoreFails ? throw new TryAgainException("The store is away.")
        : RefusesAll ? throw new InvalidOperationException($"{order} never works.")
        : Ack.Applied;
}
