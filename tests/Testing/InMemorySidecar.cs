using Ticketing.Contracts;

namespace Ticketing.Testing;

/// <summary>The kind of a call to a sidecar.</summary>
public enum Operation { Get, Save, Transact, Publish }

/// <summary>One call to a sidecar, as passed to a script of accidents.</summary>
/// <param name="Number">1, 2, 3 … over all calls of this sidecar.</param>
/// <param name="Key">The key; of several, all of them with commas between.</param>
public sealed record Call(int Number, Operation Operation, string Key)
{
    /// <summary>It writes this key, alone or in a transaction.</summary>
    public bool Writes(string key) =>
        Operation is Operation.Save or Operation.Transact && Key.Split(',').Contains(key);
}

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
    /// <summary>
    /// The call hangs until <see cref="InMemorySidecar.Thaw"/>, and has its effect only then, even if its caller has
    /// stopped waiting or was killed.
    /// </summary>
    Freeze,
    /// <summary>It fails at once, and has its effect nevertheless, at <see cref="InMemorySidecar.Thaw"/>.</summary>
    LandLate,
    /// <summary>A transaction: only its first write has an effect, as if the store had refused the others.</summary>
    FirstWriteOnly,
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

    /// <summary>Each call takes this long on this clock; zero by default.</summary>
    public (TimeSpan Time, TimeProvider Clock) Latency { get; set; } = (TimeSpan.Zero, TimeProvider.System);

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
        Do(Operation.Get, key, () => store.Get(key), null, ct);

    public Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct) =>
        Do<IReadOnlyDictionary<string, Stored>>(Operation.Get, string.Join(',', keys), () => keys
            .Select(key => (Key: key, Found: store.Get(key)))
            .Where(item => item.Found is not null)
            .ToDictionary(item => item.Key, item => item.Found!.Value), null!, ct);

    public Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct)
    {
        var bytes = value.ToArray();
        return Do(Operation.Save, key, () => store.Save(key, bytes, etag), false, ct);
    }

    public async Task Transact(IReadOnlyList<StateWrite> writes, CancellationToken ct)
    {
        StateWrite[] copy = [.. writes.Select(write => write with { Value = write.Value.ToArray() })];
        var keys = string.Join(',', writes.Select(write => write.Key));
        if (!await Do(Operation.Transact, keys, () => store.Transact(copy), false, ct, () => store.Transact(copy[..1])))
            throw new SidecarException($"A write of {keys} was refused.");
    }

    public Task Publish(Event message, CancellationToken ct) => Do(Operation.Publish, message.Id, () =>
    {
        lock (gate)
            published.Add(message);
        deliver?.Invoke(message);
        return true;
    }, true, ct);

    // Every call yields first, so that other tasks run: there a process can be killed, and races happen.
    async Task<TResult> Do<TResult>(Operation operation, string key, Func<TResult> effect, TResult instead,
        CancellationToken ct, Action? firstWrite = null)
    {
        await Task.Yield();
        if (Latency.Time > TimeSpan.Zero)
            await Task.Delay(Latency.Time, Latency.Clock, ct);
        var accident = Dead ? Accident.DieBefore : Script(new(Interlocked.Increment(ref calls), operation, key));
        switch (accident)
        {
            case Accident.FailBefore:
                throw new SidecarException($"Scripted: {operation} {key} failed.");
            case Accident.FailAfter:
                effect();
                throw new SidecarException($"Scripted: the reply to {operation} {key} was lost.");
            case Accident.ReplyConflict when operation is Operation.Save or Operation.Transact:
                effect();
                return instead;
            case Accident.FirstWriteOnly when firstWrite is not null:
                firstWrite();
                return instead;
            case Accident.LoseMessage when operation == Operation.Publish:
                return instead;
            case Accident.LandLate:
                _ = AtThaw(effect);
                throw new SidecarException($"Scripted: {operation} {key} lands later.");
            case Accident.DieBefore:
                Dead = true;
                return await Never<TResult>();
            case Accident.DieAfter:
                effect();
                Dead = true;
                return await Never<TResult>();
            case Accident.Freeze:
                var result = await AtThaw(effect).WaitAsync(ct);
                return Dead ? await Never<TResult>() : result;
            default:
                return effect();
        }
    }

    async Task<TResult> AtThaw<TResult>(Func<TResult> effect)
    {
        await thaw.Task;
        return effect();
    }

    static Task<TResult> Never<TResult>() => new TaskCompletionSource<TResult>().Task;
}
