using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// The buyers' lists of orders, kept in the store, so that they survive a restart and replicas share them. A list is
/// written right after its order; if that fails, the next event of the order's ticket adds the line.
/// </summary>
public sealed class Purchases(ISidecar sidecar, Random random, TimeProvider clock)
{
    /// <summary>An older order is listed: until the ticket has answered it, events of the ticket are repeated.</summary>
    public static readonly TimeSpan ListedWithin = TimeSpan.FromHours(1);

    const int TriesMax = 8, RememberedMax = 2_000, GatesMax = 256;

    readonly BoundedCache<UserId, PurchaseList> recent = new(RememberedMax);
    // One writer per list in this process: only replicas compete for it.
    readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, GatesMax).Select(_ => new SemaphoreSlim(1))];

    /// <summary>The newest lines of the list as this replica last saw it, or null.</summary>
    public PurchaseList? Recall(UserId buyer) => recent.TryGet(buyer, out var list) ? list : null;

    /// <summary>Adds an order to the list, once however often it is called; returns the list with it.</summary>
    /// <exception cref="SidecarException">It may not be listed.</exception>
    public async Task<PurchaseList> Add(UserId buyer, Purchase purchase, CancellationToken ct)
    {
        if (Recall(buyer) is { } known && known.Has(purchase))
            return known;
        var gate = gates[(uint)buyer.GetHashCode() % GatesMax];
        await gate.WaitAsync(ct);
        try
        {
            // Written while this call waited.
            return Recall(buyer) is { } since && since.Has(purchase) ? since : await Write(buyer, purchase, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    async Task<PurchaseList> Write(UserId buyer, Purchase purchase, CancellationToken ct)
    {
        Exception? fault = null;
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                var (list, etag) = await Load(buyer, ct);
                var longer = (list.IsFull ? await Turn(buyer, list, ct) : list).With(purchase);
                if (longer == list || await Save(Key(buyer), longer, etag, ct))
                {
                    recent.Set(buyer, longer.Remembered);
                    return longer;
                }
            }
            catch (SidecarException e)
            {
                fault = e;
            }
            await Task.Delay(Backoff.Next(attempt, random), clock, ct);
        }
        throw new SidecarException($"{purchase.Id} could not be listed in {TriesMax} tries.", fault);
    }

    /// <summary>Up to <paramref name="limit"/> lines after a place in the list, and where the next begin.</summary>
    public async Task<(IReadOnlyList<Purchase> Lines, PurchaseCursor? Next)> Read(
        UserId buyer, PurchaseCursor? after, int limit, CancellationToken ct)
    {
        var (list, _) = await Load(buyer, ct);
        recent.Set(buyer, list.Remembered);
        bool IsAfter(Purchase line) => after is not { } place || line.IsAfter(place);
        var lines = list.Newest.Where(IsAfter).ToList();
        for (var page = list.Pages.Length - 1; page >= 0 && lines.Count <= limit; page--)
        {
            if (IsAfter(list.Pages[page]))
                lines.AddRange((await LoadPage(buyer, page, ct)).Lines.Where(IsAfter));
        }
        return lines.Count > limit ? (lines[..limit], lines[limit - 1].ToCursor()) : (lines, null);
    }

    // Two replicas that turn the same list write the same page, and only one of them gets to save the shorter list.
    async Task<PurchaseList> Turn(UserId buyer, PurchaseList list, CancellationToken ct)
    {
        var (page, rest) = list.Turn();
        var key = PageKey(buyer, list.Pages.Length);
        var before = await sidecar.Get(key, ct);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(page, OrdersJson.Default.PurchasePage);
        return await sidecar.Save(key, bytes, before?.ETag, ct)
            ? rest
            : throw new SidecarException($"Another writes {key}.");
    }

    async Task<(PurchaseList List, string? ETag)> Load(UserId buyer, CancellationToken ct) =>
        await sidecar.Get(Key(buyer), ct) is { } stored
            ? (JsonSerializer.Deserialize(stored.Value.Span, OrdersJson.Default.PurchaseList)!, stored.ETag)
            : (PurchaseList.Empty, null);

    async Task<PurchasePage> LoadPage(UserId buyer, int page, CancellationToken ct) =>
        await sidecar.Get(PageKey(buyer, page), ct) is { } stored
            ? JsonSerializer.Deserialize(stored.Value.Span, OrdersJson.Default.PurchasePage) ?? new([])
            : new([]);

    Task<bool> Save(string key, PurchaseList list, string? etag, CancellationToken ct) =>
        sidecar.Save(key, JsonSerializer.SerializeToUtf8Bytes(list, OrdersJson.Default.PurchaseList), etag, ct);

    static string Key(UserId buyer) => $"purchases:{buyer}";

    static string PageKey(UserId buyer, int page) => $"purchases:{buyer}:{page}";
}
