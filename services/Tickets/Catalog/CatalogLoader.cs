using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Fills the catalog from the store at start. Then re-reads it page by page for ever, since an event from another
/// replica may have been lost, and asks orders about locks past their deadline.
/// </summary>
public sealed class CatalogLoader(Catalog catalog, TicketIdList ticketIds, AggregateStore<Ticket> tickets,
    Random random, ILogger<CatalogLoader> log, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(1);
    /// <summary>The store is re-read at every step, and ever more rarely while that finds nothing that events had not
    /// told.</summary>
    static readonly TimeSpan RereadIntervalMax = TimeSpan.FromSeconds(8);
    /// <summary>
    /// Pages fetched in one call; overdue locks asked about in one step, and how many of them in parallel.
    /// </summary>
    const int PagesAtOnce = 16, NewPagesMax = 2, AskedMax = 256, AskedAtOnce = 8;
    const int FirstWaitSeconds = 2, LastWaitSeconds = 60;

    readonly Dictionary<TicketId, (int Times, long DueAt)> asked = [];
    /// <summary>The page to re-read next; the number of pages that are full.</summary>
    int next, full;
    TimeSpan rereadInterval = StepInterval;
    long rereadAt;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Run(stoppingToken);

    /// <summary>Runs until cancelled.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (catalog.IsComplete)
                    await Step(ct);
                else
                    await ReadAll(ct);
            }
            catch (Exception e) when (e is SidecarException or TryAgainException or DamagedDocumentException
                || e is OperationCanceledException && !ct.IsCancellationRequested)
            {
                log.CatalogLoadFailed(e.Message);
            }
            await Task.Delay(StepInterval, clock, ct).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    async Task ReadAll(CancellationToken ct)
    {
        IReadOnlyList<TicketIdPage> pages;
        // Full pages are counted as they are read: after a failure the next call goes on from there.
        do
        {
            pages = await ticketIds.Read(full, PagesAtOnce, ct);
            foreach (var page in pages)
            {
                await Read(page.Ids, ct);
                Count(page);
            }
        }
        while (pages.Count == PagesAtOnce);
        catalog.Complete();
        log.CatalogComplete(catalog.Count);
    }

    /// <summary>
    /// Asks about overdue locks, reads tickets that other replicas listed, and re-reads one known page.
    /// </summary>
    public async Task Step(CancellationToken ct)
    {
        catalog.Forget(clock.GetUtcNow());
        await AskOverdue();
        if (clock.GetTimestamp() < rereadAt)
            return;
        var found = 0;
        foreach (var page in await ticketIds.Read(full, NewPagesMax, ct))
        {
            found += await Read([.. page.Ids.Where(id => !catalog.Contains(id))], ct);
            Count(page);
        }
        if (await ticketIds.Read(next, 1, ct) is [var known])
            found += await Read(known.Ids, ct);
        next = next < full ? next + 1 : 0;
        rereadInterval = found > 0 ? StepInterval : Min(rereadInterval * 2, RereadIntervalMax);
        rereadAt = clock.GetTimestamp() + (long)(rereadInterval.TotalSeconds * clock.TimestampFrequency);
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // The last page still grows, so it is not counted and is read again next time.
    void Count(TicketIdPage page) => full += page.IsFull ? 1 : 0;

    /// <returns>How many of them the catalog did not know, or only in an older version.</returns>
    async Task<int> Read(IReadOnlyCollection<TicketId> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return 0;
        var found = await tickets.Find([.. ids.Select(id => id.Value)], skipDamaged: true, ct);
        var news = found.Values.Count(ticket => ticket.Version > 0 && catalog.Apply(ticket.Snapshot()));
        catalog.Forget(clock.GetUtcNow());
        return news;
    }

    async Task AskOverdue()
    {
        var overdue = catalog.LockedUntil(clock.GetUtcNow() - Ticket.OverdueAfter).ToHashSet();
        foreach (var over in asked.Keys.Where(id => !overdue.Contains(id)).ToList())
            asked.Remove(over);
        var due = overdue.Where(id => asked.GetValueOrDefault(id).DueAt <= clock.GetTimestamp());
        foreach (var some in due.Take(AskedMax).Chunk(AskedAtOnce))
            await Task.WhenAll(some.Select(TryAsk));
    }

    async Task TryAsk(TicketId id)
    {
        try
        {
            await Ask(id);
        }
        catch (Exception e) when (e is DamagedDocumentException or NewerVersionException)
        {
            // Reported where it was read, or a newer build's to ask; the other locks must not wait for it.
        }
    }

    async Task Ask(TicketId id)
    {
        var times = asked.GetValueOrDefault(id).Times;
        var seconds = Math.Min(LastWaitSeconds, FirstWaitSeconds << Math.Min(times, 8));
        var wait = seconds * (0.8 + 0.4 * random.NextDouble()) * clock.TimestampFrequency;
        asked[id] = (times + 1, clock.GetTimestamp() + (long)wait);
        // True: the stored ticket is no longer locked, and this catalog missed the event.
        if (await tickets.Repeat(id) && await tickets.Find(id) is { } ticket)
            catalog.Apply(ticket);
        else
            log.LockOverdue(id);
    }
}
