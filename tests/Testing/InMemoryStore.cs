using System.Globalization;

namespace Ticketing.Testing;

/// <summary>The stored documents of one app, which survive when a process is killed.</summary>
/// <param name="isAtomic">False: like Redis, a transaction keeps the writes before and after one that is refused.</param>
public sealed class InMemoryStore(bool isAtomic = true)
{
    readonly Lock gate = new();
    readonly Dictionary<string, Stored> items = [];
    long etags, changes;

    /// <summary>
    /// Writes so far, except to the journal, which is written even if nothing changes, and to the audit log, which also
    /// records failed attempts.
    /// </summary>
    public long Changes => Volatile.Read(ref changes);

    public IReadOnlyCollection<string> Keys
    {
        get
        {
            lock (gate)
                return [.. items.Keys];
        }
    }

    /// <summary>What the journal's slots hold, but for the empty ones and those of these instances.</summary>
    public IReadOnlyList<string> Slots(params IReadOnlyCollection<string> notOf) =>
        [.. Keys.Where(key => key.Split(':') is ["journal", { Length: 20 } instance, _] && !notOf.Contains(instance))
            .Select(key => JournalSlot.Parse(Get(key)!.Value)).Where(key => key.Length > 0)];

    public Stored? Get(string key)
    {
        lock (gate)
            return items.TryGetValue(key, out var found) ? found : null;
    }

    /// <param name="etag">Null: the key must be absent.</param>
    public bool Save(string key, ReadOnlyMemory<byte> value, string? etag)
    {
        lock (gate)
        {
            if (ETagOf(key) != etag)
                return false;
            Write(key, value);
            return true;
        }
    }

    /// <returns>False if one of the writes was refused.</returns>
    public bool Transact(IReadOnlyList<StateWrite> writes)
    {
        lock (gate)
        {
            List<StateWrite> accepted =
                [.. writes.Where(write => write.ETag is null || write.ETag == ETagOf(write.Key))];
            if (accepted.Count == writes.Count || !isAtomic)
                accepted.ForEach(write => Write(write.Key, write.Value));
            return accepted.Count == writes.Count;
        }
    }

    string? ETagOf(string key) => items.TryGetValue(key, out var found) ? found.ETag : null;

    void Write(string key, ReadOnlyMemory<byte> value)
    {
        if (!key.StartsWith("journal:", StringComparison.Ordinal) && !key.StartsWith("audit", StringComparison.Ordinal))
            changes++;
        items[key] = new(value.ToArray(), (++etags).ToString(CultureInfo.InvariantCulture));
    }
}
