using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Keeps the catalog true: reads everything at start, then goes round and round in small steps, because an event of
/// another replica may be lost; and asks for the verdict on locks that are overdue.
/// </summary>
public sealed class Keeper(Catalog catalog, Register register, AggregateStore<Ticket> tickets, Random random,
    ILogger<Keeper> log, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(1);
    /// <summary>Pages fetched in one call, and overdue locks asked about in one step and side by side.</summary>
    const int PagesAtOnce = 16, NewPagesMax = 2, AskedMax = 256, AskedAtOnce = 8;
    const int FirstWaitSeconds = 2, LastWaitSeconds = 60;

    readonly Dictionary<TicketId, (int Times, long DueAt)> asked = [];
    /// <summary>The page looked at next; pages known to be full.</summary>
    int next, full;

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
            catch (Exception e) when (e is SidecarException or TryAgainException or JsonException
                || e is OperationCanceledException && !ct.IsCancellationRequested)
            {
                log.KeeperFailed(e.Message);
            }
            await Task.Delay(StepInterval, clock, ct).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    async Task ReadAll(CancellationToken ct)
    {
        IReadOnlyList<RegisterPage> pages;
        // What was read before a fault is not read again.
        do
        {
            pages = await register.Read(full, PagesAtOnce, ct);
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

    /// <summary>The overdue locks, what others listed meanwhile, and one page of what is known.</summary>
    public async Task Step(CancellationToken ct)
    {
        await AskOverdue();
        foreach (var page in await register.Read(full, NewPagesMax, ct))
        {
            await Read([.. page.Ids.Where(id => !catalog.Knows(id))], ct);
            Count(page);
        }
        if (await register.Read(next, 1, ct) is [var known])
            await Read(known.Ids, ct);
        next = next < full ? next + 1 : 0;
    }

    // The last page still grows.
    void Count(RegisterPage page) => full += page.Ids.Count < RegisterPage.IdsMax ? 0 : 1;

    async Task Read(IReadOnlyCollection<TicketId> ids, CancellationToken ct)
    {
        if (ids.Count == 0)
            return;
        try
        {
            foreach (var ticket in (await tickets.Find([.. ids.Select(id => id.Value)], ct)).Values)
                catalog.See(ticket);
        }
        catch (JsonException) when (ids.Count > 1)
        {
            // One document that cannot be read hides itself, and none of its neighbours.
            foreach (var half in ids.Chunk((ids.Count + 1) / 2))
                await Read(half, ct);
        }
        catch (JsonException e)
        {
            log.TicketUnreadable(e, ids.Single());
        }
    }

    async Task AskOverdue()
    {
        var overdue = catalog.LockedUntil(clock.GetUtcNow() - Ticket.OverdueAfter).ToHashSet();
        foreach (var over in asked.Keys.Where(id => !overdue.Contains(id)).ToList())
            asked.Remove(over);
        var due = overdue.Where(id => asked.GetValueOrDefault(id).DueAt <= clock.GetTimestamp());
        foreach (var some in due.Take(AskedMax).Chunk(AskedAtOnce))
            await Task.WhenAll(some.Select(Ask));
    }

    async Task Ask(TicketId id)
    {
        var times = asked.GetValueOrDefault(id).Times;
        var seconds = Math.Min(LastWaitSeconds, FirstWaitSeconds << Math.Min(times, 8));
        var wait = seconds * (0.8 + 0.4 * random.NextDouble()) * clock.TimestampFrequency;
        asked[id] = (times + 1, clock.GetTimestamp() + (long)wait);
        // Nothing missing: the lock is over, and this catalog has not heard.
        if (await tickets.SayAgain(id) && await tickets.Find(id) is { } ticket)
            catalog.See(ticket);
        else
            log.LockOverdue(id);
    }
}
