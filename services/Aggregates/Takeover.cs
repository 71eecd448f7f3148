using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Ticketing.Aggregates;

/// <summary>Fences the aggregates that slots of dead processes name, and empties those slots.</summary>
sealed class Takeover(ISidecar sidecar, DamagedDocuments damaged, ILogger log)
{
    /// <summary>Aggregates fenced at the same time.</summary>
    public const int FencesMax = 32;

    readonly Dictionary<string, IRecoverable> stores = [];

    /// <param name="ETag">Null if the slot cannot be parsed.</param>
    public readonly record struct UsedSlot(string Key, string? ETag, string Aggregate);

    public void Register(IRecoverable store) => stores[store.Kind] = store;

    /// <summary>Those of the slots that are not empty.</summary>
    /// <remarks>One that cannot be parsed stays, and its process in the directory, until it is repaired.</remarks>
    public List<UsedSlot> Used(IReadOnlyDictionary<string, Stored> slots)
    {
        var used = new List<UsedSlot>();
        foreach (var (key, stored) in slots)
        {
            try
            {
                if (JournalSlot.Parse(stored) is { Length: > 0 } aggregate)
                    used.Add(new(key, stored.ETag, aggregate));
            }
            catch (JsonException e)
            {
                damaged.Report(key, e);
                used.Add(new(key, null, ""));
            }
        }
        return used;
    }

    /// <returns>How many slots were emptied.</returns>
    public async Task<int> TakeOver(IEnumerable<UsedSlot> used, CancellationToken ct)
    {
        var taken = 0;
        await SideBySide.Run(used.Where(one => one.ETag is not null).GroupBy(one => one.Aggregate), FencesMax,
            async same =>
            {
                if (!await Fence(same.Key))
                    return;
                // With the ETag that was read: a late transaction may have written the slot since.
                foreach (var slot in same)
                {
                    if (await Empty(slot.Key, slot.ETag!, ct))
                        Interlocked.Increment(ref taken);
                }
            });
        return taken;
    }

    async Task<bool> Empty(string slot, string etag, CancellationToken ct)
    {
        try
        {
            await sidecar.Transact([new(slot, JournalSlot.Empty, etag)], ct);
            return true;
        }
        catch (SidecarException e)
        {
            log.SlotNotEmptied(e, slot);   // looked at again
            return false;
        }
    }

    /// <returns>False if it could not be fenced.</returns>
    public async Task<bool> Fence(string key)
    {
        var (kind, id) = key.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? (key[..colon], key[(colon + 1)..]) : (key, "");
        if (!stores.TryGetValue(kind, out var store))
        {
            log.UnknownKind(key);
            return false;
        }
        try
        {
            await store.Fence(id);
            return true;
        }
        catch (DamagedDocumentException)
        {
            return false;   // reported where it was read
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.VisitFailed(e, key);
            return false;
        }
    }
}
