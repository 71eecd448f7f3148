using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>Reads and writes the documents of one kind of aggregate.</summary>
sealed class Documents<T>(ISidecar sidecar, JsonTypeInfo<Document<T>> json) where T : class, IAggregate<T>
{
    /// <param name="Entries">The last saves, newest first: see <see cref="Document{T}"/>.</param>
    public readonly record struct Loaded(
        T State, ImmutableArray<Event> Outbox, ImmutableArray<string> Entries, string? ETag);

    public static string Key(string id) => $"{T.Kind}:{id}";

    public async Task<Loaded> Load(string id, CancellationToken ct = default) =>
        await sidecar.Get(Key(id), ct) is { } stored ? Parse(id, stored) : new(T.Absent(id), [], [], null);

    /// <summary>The existing ones of these documents, by id; one round trip.</summary>
    public async Task<IEnumerable<(string Id, Loaded Loaded)>> Load(
        IReadOnlyCollection<string> ids, CancellationToken ct)
    {
        var stored = await sidecar.Get([.. ids.Select(Key)], ct);
        return ids.Where(id => stored.ContainsKey(Key(id))).Select(id => (id, Parse(id, stored[Key(id)])));
    }

    /// <returns>False if the store says the ETag does not match. It may be wrong: load again.</returns>
    public Task<bool> Save(string id, T state, ImmutableArray<Event> outbox, Loaded loaded, JournalEntry entry)
    {
        var document = new Document<T>(state.Version == 0 ? null : state, outbox,
            [entry.Id, .. loaded.Entries.Take(Document<T>.EntriesMax - 1)]);
        return sidecar.Save(Key(id), JsonSerializer.SerializeToUtf8Bytes(document, json), loaded.ETag, default);
    }

    Loaded Parse(string id, Stored stored)
    {
        var document = JsonSerializer.Deserialize(stored.Value.Span, json)
            ?? throw new JsonException($"{Key(id)} holds no document.");
        return new(document.State ?? T.Absent(id), document.Outbox, document.Entries, stored.ETag);
    }
}
