using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>Reads and writes the documents of one kind of aggregate.</summary>
sealed class Documents<T>(
    ISidecar sidecar, DamagedDocuments damaged, JsonTypeInfo<Document<T>> json) where T : class, IAggregate<T>
{
    /// <param name="Document">Empty if there is none yet.</param>
    public readonly record struct Loaded(T State, Document<T> Document, string? ETag)
    {
        public ImmutableArray<Event> Outbox => Document.Outbox;
        public ImmutableArray<string> Writes => Document.Entries;
        /// <summary>The state has words of a newer build in it: no rule of this build may decide on it.</summary>
        public bool IsNewer { get; init; }
    }

    public static string Key(string id) => $"{T.Kind}:{id}";

    /// <summary>What is loaded where nothing is stored.</summary>
    public static Loaded Absent(string id) => new(T.Absent(id), new(null, [], []), null);

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
        JsonSerializer.SerializeToUtf8Bytes(loaded.Document with
        {
            State = state.Version == 0 ? null : state,
            Outbox = outbox,
            Entries = [writeId, .. loaded.Writes.Take(Document<T>.EntriesMax - 1)],
            TraceParent = outbox is [.., var newest] ? newest.TraceParent : loaded.Document.TraceParent,
        }, json);

    Loaded Parse(string id, Stored stored)
    {
        try
        {
            var document = JsonSerializer.Deserialize(stored.Value.Span, json)
                ?? throw new JsonException("It is null.");
            return new(document.State ?? T.Absent(id), document, stored.ETag)
            {
                IsNewer = T.DecidesByWords && UnknownWords.AreIn(document, json),
            };
        }
        catch (JsonException e)
        {
            damaged.Report(Key(id), e);
            throw new DamagedDocumentException(Key(id), e);
        }
    }
}
