using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// One page of the list, stored as <c>catalog:{n}</c>: ids in the order they were added, never removed.
/// </summary>
public sealed record TicketIdPage(IReadOnlyList<TicketId> Ids) : Extensible
{
    public const int IdsMax = 256;

    /// <summary>Its document cannot be parsed: its ids are unknown, and none is added to it.</summary>
    [JsonIgnore]
    public bool IsDamaged { get; init; }

    [JsonIgnore]
    public bool IsFull => IsDamaged || Ids.Count >= IdsMax;

    public static string Key(int number) => $"catalog:{number}";
}

/// <summary>
/// The id of every ticket ever listed, in pages of the state store, because a Dapr state store cannot list its keys. An
/// id is added before its ticket is saved, so that none is missing; an id whose ticket was never saved does no harm.
/// </summary>
/// <remarks>Concurrent requests share one write. All replicas write to the last page; its ETag finds a
/// conflict.</remarks>
public sealed class TicketIdList
{
    const int TriesMax = 10, WaitingMax = 4_096;

    readonly ISidecar sidecar;
    readonly DamagedDocuments damaged;
    readonly Random random;
    readonly TimeProvider clock;
    readonly KeyedQueue<Entry> queue;
    int last;

    sealed record Entry(TicketId Id, TaskCompletionSource Durable);

    public TicketIdList(ISidecar sidecar, DamagedDocuments damaged, Random random, TimeProvider clock)
    {
        (this.sidecar, this.damaged, this.random, this.clock) = (sidecar, damaged, random, clock);
        queue = new(TicketIdPage.IdsMax, WaitingMax, Write);
    }

    /// <summary>Returns once the id is durable.</summary>
    /// <exception cref="TryAgainException">The id may not be durable: the ticket must not be saved.</exception>
    public Task Add(TicketId id)
    {
        var entry = new Entry(id, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.TryEnqueue("", entry))
            throw new TryAgainException("Too many tickets are being listed.");
        return entry.Durable.Task;
    }

    /// <summary>Pages from <paramref name="first"/> on; fewer than <paramref name="count"/> at the end.</summary>
    /// <exception cref="SidecarException">The store did not answer.</exception>
    public async Task<IReadOnlyList<TicketIdPage>> Read(int first, int count, CancellationToken ct)
    {
        var keys = Enumerable.Range(first, count).Select(TicketIdPage.Key).ToList();
        var found = await sidecar.Get(keys, ct);
        return [.. keys.TakeWhile(found.ContainsKey).Select(key => Parse(key, found[key]))];
    }

    async Task Write(string _, IReadOnlyList<Entry> entries)
    {
        Exception? fault = null;
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                if (await TryWrite([.. entries.Select(entry => entry.Id).Distinct()]))
                {
                    foreach (var entry in entries)
                        entry.Durable.SetResult();
                    return;
                }
            }
            catch (SidecarException e)
            {
                fault = e;
            }
            await Task.Delay(Backoff.Next(attempt, random), clock);
        }
        var exhausted = new TryAgainException($"The ticket ids could not be written in {TriesMax} tries.", fault);
        foreach (var entry in entries)
            entry.Durable.SetException(exhausted);
    }

    // False: another replica wrote first, or the reply was lost. The next try reads the page and skips ids already in
    // it.
    async Task<bool> TryWrite(IReadOnlyList<TicketId> ids)
    {
        while (ids.Count > 0)
        {
            var key = TicketIdPage.Key(last);
            var stored = await sidecar.Get(key, default);
            var page = stored is { } found ? Parse(key, found) : new([]);
            ids = [.. ids.Except(page.Ids)];
            var room = page.IsFull ? 0 : TicketIdPage.IdsMax - page.Ids.Count;
            if (ids.Count > 0 && room > 0)
            {
                var longer = page with { Ids = [.. page.Ids, .. ids.Take(room)] };
                var bytes = JsonSerializer.SerializeToUtf8Bytes(longer, TicketsJson.Default.TicketIdPage);
                if (!await sidecar.Save(key, bytes, stored?.ETag, default))
                    return false;
            }
            ids = [.. ids.Skip(room)];
            if (ids.Count > 0)
                last++;
        }
        return true;
    }

    // A damaged page must not stop those after it: its tickets are missing in the catalog until it is repaired.
    TicketIdPage Parse(string key, Stored stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Value.Span, TicketsJson.Default.TicketIdPage) is { Ids: not null } page
                ? page : throw new JsonException("The page lists nothing.");
        }
        catch (JsonException e)
        {
            damaged.Report(key, e);
            return new([]) { IsDamaged = true };
        }
    }
}
