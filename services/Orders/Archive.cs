using System.Text.Json;
using System.Threading.Channels;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// Old orders of a ticket with many orders, each under its own key, so that the ticket's book stays small. They are
/// written here before they leave the book, and no longer change, except that a refund request's reason may be erased.
/// </summary>
public sealed class Archive(ISidecar sidecar, AggregateStore<Book> books, ILogger<Archive> log)
    : BackgroundService, IProjection<Book>
{
    const int WaitingMax = 1000;

    // A book that is dropped here is noted again at its next save.
    readonly Channel<Book> full = Channel.CreateBounded<Book>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Notes a book that has orders to archive; they are moved in the background.</summary>
    public void Apply(Book saved)
    {
        if (!saved.Overflow.IsEmpty)
            full.Writer.TryWrite(saved);
    }

    public async Task<Order?> Find(OrderId id, CancellationToken ct) =>
        await sidecar.Get(Key(id), ct) is { } stored ? Parse(stored) : null;

    public async Task<IEnumerable<Order>> Find(IReadOnlyCollection<OrderId> ids, CancellationToken ct) =>
        (await sidecar.Get([.. ids.Select(Key)], ct)).Values.Select(Parse);

    /// <summary>Moves finished orders out of the book.</summary>
    public async Task Move(Book book, CancellationToken ct)
    {
        var old = book.Overflow;
        foreach (var order in old)
        {
            // Not saved: it is there already, or the outcome is unknown; then it stays in the book for now.
            if (await Save(order, etag: null, ct))
                continue;
            if (await sidecar.Get(Key(order.Id), ct) is not { } stored
                || Parse(stored).RefundRequest != order.RefundRequest && !await Save(order, stored.ETag, ct))
                return;
        }
        await books.Update(book.TicketId, now => now.Without(old), ct);
    }

    /// <summary>May be repeated.</summary>
    /// <exception cref="TryAgainException">It was written by another process at the same time.</exception>
    public async Task EraseReason(OrderId id, CancellationToken ct)
    {
        if (await sidecar.Get(Key(id), ct) is not { } stored)
            return;
        var order = Parse(stored);
        var decision = order.EraseReason(order.Buyer);
        if (decision.Changed && !await Save(decision.State!, stored.ETag, ct))
            throw new TryAgainException($"{Key(id)} was changed by another.");
    }

    Task<bool> Save(Order order, string? etag, CancellationToken ct) => sidecar.Save(
        Key(order.Id), JsonSerializer.SerializeToUtf8Bytes(order, OrdersJson.Default.Order), etag, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var book in full.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await Move(book, stoppingToken);
            }
            catch (Exception e) when (e is SidecarException or TryAgainException)
            {
                log.NotArchived(e, book.TicketId);
            }
        }
    }

    static string Key(OrderId id) => $"order:{id}";

    static Order Parse(Stored stored) => JsonSerializer.Deserialize(stored.Value.Span, OrdersJson.Default.Order)
        ?? throw new JsonException("The archive holds no order under this key.");
}
