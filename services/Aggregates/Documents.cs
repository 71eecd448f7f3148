using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>Reads and writes the documents of one kind of aggregate.</summary>
sealed class Documents<T>(
    ISidecar sidecar, DamagedDocuments damaged, JsonTypeInfo<Document<T>> json) where T : class, IAggregate<T>
{
    /// <param name="Writes">The last saves, newest first: see <see cref="Document{T}"/>.</param>
    public readonly record struct Loaded(
        T State, ImmutableArray<Event> Outbox, ImmutableArray<string> Writes, string? ETag, string? TraceParent = null);

    public static string Key(string id) => $"{T.Kind}:{id}";

    /// <summary>What is loaded where nothing is stored.</summary>
    public static Loaded Absent(string id) => new(T.Absent(id), [], [], null);

    /// <exception cref="DamagedDocumentException"/>
    public async Task<Loaded> Load(string id, CancellationToken ct = default) =>
        await sidecar.Get(Key(id), ct) is { } stored ? Parse(id, stored) : Absent(id);

    /// <summary>The existing ones of these documents, by id; one round trip.</summary>
    /// <param name="skipDamaged">Leaves out documents that cannot be parsed.</param>
    public async Task<IReadOnlyList<(string Id, Loaded Loaded)>> Load(
        IReadOnlyCollection<string> ids, bool skipDamaged, CancellationToken ct)
    {
        var stored = await sidecar.Get([.. ids.Select(Key)], ct);
        var found = new List<(string, Loaded)>(stored.Count);
        foreach (var id in ids.Where(id => stored.ContainsKey(Key(id))))
        {
            try
            {
                found.Add((id, Parse(id, stored[Key(id)])));
            }
            catch (DamagedDocumentException) when (skipDamaged)
            {
                // Parse has reported it.
            }
        }
        return found;
    }

    /// <summary>The document to save over a loaded one, named by the write id.</summary>
    public ReadOnlyMemory<byte> Bytes(T state, ImmutableArray<Event> outbox, Loaded loaded, string writeId) =>
        JsonSerializer.SerializeToUtf8Bytes(new Document<T>(state.Version == 0 ? null : state, outbox,
            [writeId, .. loaded.Writes.Take(Document<T>.EntriesMax - 1)])
        {
            TraceParent = outbox is [.., var newest] ? newest.TraceParent : loaded.TraceParent,
        }, json);

    Loaded Parse(string id, Stored stored)
    {
        try
        {
            var document = JsonSerializer.Deserialize(stored.Value.Span, json)
                ?? throw new JsonException("It is null.");
            return new(document.State ?? T.Absent(id), document.Outbox, document.Entries, stored.ETag,
                document.TraceParent);
        }
        catch (JsonException e)
        {
            damaged.Report(Key(id), e);
            throw new DamagedDocumentException(Key(id), e);
        }
    }
}
