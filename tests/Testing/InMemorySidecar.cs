using System.Globalization;
using Ticketing.Contracts;

namespace Ticketing.Testing;

/// <summary>The kind of a call to a sidecar.</summary>
public enum Operation { Get, Save, Publish }

/// <summary>One call to a sidecar, as passed to a script of accidents.</summary>
/// <param name="Number">1, 2, 3 … over all calls of this sidecar.</param>
public sealed record Call(int Number, Operation Operation, string Key);

/// <summary>What happens to a call.</summary>
public enum Accident
{
    None,
    /// <summary>It fails and has no effect.</summary>
    FailBefore,
    /// <summary>It has its effect, and its reply is lost.</summary>
    FailAfter,
    /// <summary>A save: it has its effect, and the reply reports an ETag conflict.</summary>
    ReplyConflict,
    /// <summary>A publish: it is acknowledged and never delivered.</summary>
    LoseMessage,
    /// <summary>
    /// The process is killed before the call has its effect: neither this nor any later call returns.
    /// </summary>
    DieBefore,
    /// <summary>The process is killed after the call has its effect.</summary>
    DieAfter,
    /// <summary>The call hangs, and has its effect only at <see cref="InMemorySidecar.Thaw"/>.</summary>
    Freeze,
}

/// <summary>The stored documents of one app, which survive when a process is killed.</summary>
public sealed class InMemoryStore
{
    readonly Lock gate = new();
    readonly Dictionary<string, Stored> items = [];
    long etags, changes;

    /// <summary>
    /// Writes so far, except to the journal, whose entries are written and removed even if nothing changes, and to the
    /// audit log, which also records failed attempts.
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

    public Stored? Get(string key)
    {
        lock (gate)
            return items.TryGetValue(key, out var found) ? found : null;
    }

    public bool Save(string key, ReadOnlyMemory<byte> value, string? etag)
    {
        lock (gate)
        {
            var current = items.TryGetValue(key, out var found) ? found.ETag : null;
            if (current != etag)
                return false;
            if (!key.StartsWith("journal:", StringComparison.Ordinal)
                && !key.StartsWith("audit", StringComparison.Ordinal))
                changes++;
            items[key] = new(value.ToArray(), (++etags).ToString(CultureInfo.InvariantCulture));
            return true;
        }
    }
}

/// <summary>
/// A sidecar in memory: one process's view of a store that outlives it, with every accident of delivery scriptable.
/// </summary>
/// <param name="deliver">Receives what was published; not called for a lost message.</param>
public sealed class InMemorySidecar(InMemoryStore store, Action<Event>? deliver = null) : ISidecar
{
    readonly Lock gate = new();
    readonly List<Event> published = [];
    TaskCompletionSource thaw = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int calls;

    /// <summary>Decides which accident happens to each call; none by default.</summary>
    public Func<Call, Accident> Script { get; set; } = static _ => Accident.None;

    public bool Dead { get; private set; }
    public int Calls => calls;

    /// <summary>Every message that the broker accepted.</summary>
    public IReadOnlyList<Event> Published
    {
        get
        {
            lock (gate)
                return [.. published];
        }
    }

    public void Kill() => Dead = true;

    /// <summary>Completes every frozen call.</summary>
    public void Thaw()
    {
        thaw.SetResult();
        thaw = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public Task<Stored?> Get(string key, CancellationToken ct) =>
        Do(Operation.Get, key, () => store.Get(key), null);

    public Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct) =>
        Do<IReadOnlyDictionary<string, Stored>>(Operation.Get, string.Join(',', keys), () => keys
            .Select(key => (Key: key, Found: store.Get(key)))
            .Where(item => item.Found is not null)
            .ToDictionary(item => item.Key, item => item.Found!.Value), null!);

    public Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        var bytes = value.ToArray();
        return Do(Operation.Save, key, () => store.Save(key, bytes, etag), false);
    }

    public Task Publish(Event message, CancellationToken ct) => Do(Operation.Publish, message.Id, () =>
    {
        lock (gate)
            published.Add(message);
        deliver?.Invoke(message);
        return true;
    }, true);

    // Every call yields first, so that other tasks run: there a process can be killed, and races happen.
    async Task<TResult> Do<TResult>(Operation operation, string key, Func<TResult> effect, TResult instead)
    {
        await Task.Yield();
        var accident = Dead ? Accident.DieBefore : Script(new(Interlocked.Increment(ref calls), operation, key));
        switch (accident)
        {
            case Accident.FailBefore:
                throw new SidecarException($"Scripted: {operation} {key} failed.");
            case Accident.FailAfter:
                effect();
                throw new SidecarException($"Scripted: the reply to {operation} {key} was lost.");
            case Accident.ReplyConflict when operation == Operation.Save:
                effect();
                return instead;
            case Accident.LoseMessage when operation == Operation.Publish:
                return instead;
            case Accident.DieBefore:
                Dead = true;
                return await Never<TResult>();
            case Accident.DieAfter:
                effect();
                Dead = true;
                return await Never<TResult>();
            case Accident.Freeze:
                await thaw.Task;
                return effect();
            default:
                return effect();
        }
    }

    static Task<TResult> Never<TResult>() => new TaskCompletionSource<TResult>().Task;
}
