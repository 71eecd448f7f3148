using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// The saves of one commit, each with its own write id. No reply is proof: unless it is success, the document is read
/// again and a write id looked for.
/// </summary>
sealed class SaveAttempts<T>(IRecoverable store, AggregateHost host, Documents<T> documents, string id)
    where T : class, IAggregate<T>
{
    readonly List<string> writes = [];
    bool isUnknown;
    string? unknownETag;

    /// <summary>Names this aggregate in the store, or is not written yet; null if none is held.</summary>
    public JournalSlot? Slot { get; private set; }

    /// <summary>A save may still land. The next successful save, or a fence, makes sure that it does not.</summary>
    public bool IsAnySent => writes.Count > 0;

    /// <summary>One of these saves is in this document.</summary>
    public bool IsSavedIn(Documents<T>.Loaded loaded) => writes.Any(write => loaded.Writes.Contains(write));

    /// <summary>A save may yet land on top of this document. (Once the ETag has changed it is refused.)</summary>
    public bool IsInDoubt(Documents<T>.Loaded loaded) => isUnknown && unknownETag == loaded.ETag;

    /// <returns>False if the store says it did not write. It may be wrong.</returns>
    /// <exception cref="SidecarException">It may have been written or not.</exception>
    public Task<bool> Save(
        T state, ImmutableArray<Event> outbox, Documents<T>.Loaded loaded, bool needsSlot, CancellationToken ct)
    {
        var key = Documents<T>.Key(id);
        var write = WriteId.New(host.Random);
        var bytes = documents.Bytes(state, outbox, loaded, write);
        return needsSlot ? SaveWithSlot() : Plain();

        async Task<bool> SaveWithSlot()
        {
            Slot ??= host.Unfinished.TakeSlot(store, id) ?? await host.Journal.Take(ct);
            var mark = new StateWrite(Slot.Key, JournalSlot.Bytes(key));
            if (loaded.ETag is null)
            {
                // A transaction on Redis would overwrite a document that another process has just created.
                await Transact([mark], ct);
                return await Plain();
            }
            Sent();
            await Transact([mark, new(key, bytes, loaded.ETag)], ct);
            return true;
        }

        Task<bool> Plain()
        {
            Sent();
            return host.Sidecar.Save(key, bytes, loaded.ETag, ct);
        }

        void Sent()
        {
            writes.Add(write);
            (isUnknown, unknownETag) = (true, loaded.ETag);
        }
    }

    async Task Transact(StateWrite[] operations, CancellationToken ct)
    {
        try
        {
            await host.Sidecar.Transact(operations, ct);
        }
        catch
        {
            host.Journal.Retire(Slot!);
            Slot = null;
            throw;
        }
    }
}
