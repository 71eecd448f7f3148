using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>Finds an order in its ticket's book or in the archive.</summary>
public sealed class OrderFinder(AggregateStore<Book> books, Archive archive, ISidecar sidecar)
{
    public async Task<Order?> Find(OrderId id, CancellationToken ct)
    {
        var book = await books.Find(id.TicketId, ct);
        return book?.Find(id) ?? (IsArchived(book, id) ? await archive.Find(id, ct) : null);
    }

    /// <summary>Those of the orders that exist, in the order asked for.</summary>
    public Task<IReadOnlyList<Order>> Find(IReadOnlyCollection<OrderId> ids, CancellationToken ct) =>
        Find(ids, skipDamaged: false, ct);

    /// <inheritdoc cref="Find(IReadOnlyCollection{OrderId}, CancellationToken)"/>
    /// <param name="skipDamaged">Leaves out orders of books that cannot be parsed, so that a list shows the others.</param>
    public async Task<IReadOnlyList<Order>> Find(
        IReadOnlyCollection<OrderId> ids, bool skipDamaged, CancellationToken ct)
    {
        if (ids.Count == 0)
            return [];
        var found = await books.Find([.. ids.Select(id => id.TicketId.Value).Distinct()], skipDamaged, ct);
        Book? BookOf(OrderId id) => found.GetValueOrDefault(id.TicketId);
        var orders = ids.Select(id => BookOf(id)?.Find(id)).OfType<Order>().ToDictionary(order => order.Id);
        var archived = ids.Where(id => !orders.ContainsKey(id) && IsArchived(BookOf(id), id)).ToList();
        if (archived.Count > 0)
        {
            foreach (var order in await archive.Find(archived, ct))
                orders[order.Id] = order;
        }
        return [.. ids.Where(orders.ContainsKey).Select(id => orders[id])];
    }

    /// <summary>Publishes the snapshot of an order that is no longer in its book, for a service that asked.</summary>
    public async Task<Ack> AnswerFromArchive(OrderId id, CancellationToken ct)
    {
        if (await Find(id, ct) is not { } order)
            return Ack.Stale;
        await sidecar.Publish(Event.Of(OrderEvents.For(order.Status), order.Snapshot(ticketVersion: 0)), ct);
        return Ack.Answered;
    }

    // An id that was never given out must not cost a read of the archive.
    static bool IsArchived(Book? book, OrderId id) => book?.Orders is [var oldest, ..] && id.Seq < oldest.Id.Seq;
}
