using System.Text.Json;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>One page of the register, <c>catalog:{n}</c>: ids as they were entered; none is ever taken out.</summary>
public sealed record RegisterPage(IReadOnlyList<TicketId> Ids)
{
    public const int IdsMax = 256;

    public static string Key(int number) => $"catalog:{number}";
}

/// <summary>
/// The id of every ticket ever listed, in pages of the state store: no store can be asked which keys it has. An id is
/// entered before its ticket is saved, so that none is ever missing; one whose ticket was never saved does no harm.
/// </summary>
/// <remarks>Entries of all requests in flight share one write; replicas meet at the last page.</remarks>
public sealed class Register
{
    const int TriesMax = 10, WaitingMax = 4_096;

    readonly ISidecar sidecar;
    readonly Random random;
    readonly TimeProvider clock;
    readonly KeyedWork<Entry> queue;
    int last;

    sealed record Entry(TicketId Id, TaskCompletionSource Durable);

    public Register(ISidecar sidecar, Random random, TimeProvider clock)
    {
        (this.sidecar, this.random, this.clock) = (sidecar, random, clock);
        queue = new(RegisterPage.IdsMax, WaitingMax, Write);
    }

    /// <summary>Returns once the id is durable.</summary>
    /// <exception cref="TryAgainException">It may not be: the ticket must not be saved.</exception>
    public Task Enter(TicketId id)
    {
        var entry = new Entry(id, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.TryEnqueue("", entry))
            throw new TryAgainException("Too many tickets are being listed.");
        return entry.Durable.Task;
    }

    /// <summary>Pages from <paramref name="first"/> on; fewer than <paramref name="count"/> at the end.</summary>
    /// <exception cref="SidecarException">The store did not answer.</exception>
    public async Task<IReadOnlyList<RegisterPage>> Read(int first, int count, CancellationToken ct)
    {
        var keys = Enumerable.Range(first, count).Select(RegisterPage.Key).ToList();
        var found = await sidecar.Get(keys, ct);
        return [.. keys.TakeWhile(found.ContainsKey).Select(key => Parse(found[key]))];
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
            catch (Exception e) when (e is SidecarException or JsonException)
            {
                fault = e;
            }
            await Task.Delay(Backoff.Next(attempt, random), clock);
        }
        var exhausted = new TryAgainException($"The register could not be written in {TriesMax} tries.", fault);
        foreach (var entry in entries)
            entry.Durable.SetException(exhausted);
    }

    // False: somebody else wrote meanwhile, or nobody knows; what did land is found in the page by the next try.
    async Task<bool> TryWrite(IReadOnlyList<TicketId> ids)
    {
        while (ids.Count > 0)
        {
            var key = RegisterPage.Key(last);
            var stored = await sidecar.Get(key, default);
            var before = stored is { } found ? Parse(found).Ids : [];
            ids = [.. ids.Except(before)];
            var room = RegisterPage.IdsMax - before.Count;
            if (ids.Count > 0 && room > 0)
            {
                var page = new RegisterPage([.. before, .. ids.Take(room)]);
                var bytes = JsonSerializer.SerializeToUtf8Bytes(page, TicketsJson.Default.RegisterPage);
                if (!await sidecar.Save(key, bytes, stored?.ETag, default))
                    return false;
            }
            ids = [.. ids.Skip(room)];
            if (ids.Count > 0)
                last++;
        }
        return true;
    }

    static RegisterPage Parse(Stored stored) =>
        JsonSerializer.Deserialize(stored.Value.Span, TicketsJson.Default.RegisterPage) ?? new([]);
}
