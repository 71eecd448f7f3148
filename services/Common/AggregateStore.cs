using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// The only writer of an aggregate: load → decide → enter into the journal → save state and events with the ETag that
/// was loaded before the entry → publish → leave the journal. A lost race starts again with a load and a new entry.
/// </summary>
/// <remarks>
/// In one process, commands on one key queue up and are decided together, each on what the one before it left: one
/// load, one entry, one save. The order above is what makes a crash at any instant harmless (docs/decisions).
/// </remarks>
public sealed class AggregateStore<T> : IWatched where T : class, IAggregate<T>
{
    /// <summary>Tries of one batch before its commands are told to come again.</summary>
    const int TriesMax = 10;
    /// <summary>Commands decided on one load, and commands that may wait for one key.</summary>
    const int BatchMax = 256, WaitingMax = 4096;

    readonly ISidecar sidecar;
    readonly Journal journal;
    readonly Watch watch;
    readonly JsonTypeInfo<Document<T>> json;
    readonly Random random;
    readonly ILogger<AggregateStore<T>> log;
    readonly TimeProvider clock;
    readonly KeyedWork<Command> queue;
    readonly RecentlyPublished published = new();

    sealed record Command(Func<T, Decision<T>> Decide, bool Fence, TaskCompletionSource<Decision<T>> Answer);

    readonly record struct Loaded(T State, ImmutableArray<Event> Outbox, ImmutableArray<string> Entries, string? ETag);

    public AggregateStore(ISidecar sidecar, Journal journal, Watch watch, JsonTypeInfo<Document<T>> json, Random random,
        ILogger<AggregateStore<T>> log, TimeProvider clock)
    {
        (this.sidecar, this.journal, this.watch, this.json) = (sidecar, journal, watch, json);
        (this.random, this.log, this.clock) = (random, log, clock);
        queue = new(BatchMax, WaitingMax, Commit);
        watch.Register(this);
    }

    public string Kind => T.Kind;

    /// <summary>A state that was just saved; for projections that want to know before the event comes round.</summary>
    public event Action<T>? Saved;

    /// <summary>The watch looked (after 2 s, 4 s … 60 s) and the state was still not settled: work of its own may be due.</summary>
    public event Action<T>? Unsettled;

    /// <summary>Puts one command to the aggregate; returns its decision once that is durable.</summary>
    /// <param name="decide">Pure; it may be asked several times, on different states.</param>
    /// <exception cref="TryAgainException">The store is away or too many wait.</exception>
    public Task<Decision<T>> Update(string id, Func<T, Decision<T>> decide, CancellationToken ct = default) =>
        Enqueue(id, decide, fence: false).WaitAsync(ct);

    /// <summary>The aggregate as it is stored, or null.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public Task<T?> Find(string id, CancellationToken ct = default) => Read(async () =>
        (await Load(id, ct)).State is { Version: > 0 } state ? state : null);

    /// <summary>Those of the aggregates that exist, by id; one round trip.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public Task<Dictionary<string, T>> Find(IReadOnlyCollection<string> ids, CancellationToken ct = default) => Read(async () =>
    {
        var stored = await sidecar.Get([.. ids.Select(Key)], ct);
        return ids.Where(id => stored.ContainsKey(Key(id))).Select(id => (Id: id, Parse(id, stored[Key(id)]).State))
            .Where(found => found.State.Version > 0).ToDictionary(found => found.Id, found => found.State);
    });

    static async Task<TRead> Read<TRead>(Func<Task<TRead>> read)
    {
        try
        {
            return await read();
        }
        catch (SidecarException e)
        {
            throw new TryAgainException("The store cannot be read right now.", e);
        }
    }

    /// <summary>
    /// Writes the aggregate back as it is, so that whoever loaded it before (a frozen process, a save on its way) has
    /// lost, and publishes what its outbox holds.
    /// </summary>
    public Task Fence(string id) => Enqueue(id, static state => state, fence: true);

    /// <summary>Says the current snapshot again if somebody's answer is missing. True: nothing is missing.</summary>
    public async Task<bool> SayAgain(string id)
    {
        var state = (await Load(id, default)).State;
        if (state.Version == 0 || state.IsSettled(clock.GetUtcNow()))
            return true;
        Unsettled?.Invoke(state);
        foreach (var message in state.SayAgain())
            await sidecar.Publish(message, default);
        return false;
    }

    Task<Decision<T>> Enqueue(string id, Func<T, Decision<T>> decide, bool fence)
    {
        var command = new Command(decide, fence, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!queue.TryEnqueue(id, command))
            throw new TryAgainException($"Too many wait for {Key(id)}.");
        return command.Answer.Task;
    }

    async Task Commit(string id, IReadOnlyList<Command> batch)
    {
        try
        {
            await TryCommit(id, batch);
        }
#pragma warning disable CA1031 // A document that cannot be read stops its own callers, whole, and nobody else's.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.CommitFailed(e, Key(id));
            foreach (var command in batch)
                command.Answer.TrySetException(e);
        }
    }

    async Task TryCommit(string id, IReadOnlyList<Command> batch)
    {
        var entries = new List<JournalEntry>();
        IReadOnlyList<Decision<T>> decisions = [];
        Exception? fault = null;
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                var loaded = await Load(id, default);
                // Our own save landed although its reply said otherwise: it is not decided a second time.
                if (entries.Any(entry => loaded.Entries.Contains(entry.Id)))
                {
                    await Finish(id, batch, decisions, loaded.State, loaded.Outbox, entries);
                    return;
                }
                decisions = Decide(loaded.State, batch, out var state);
                if (!decisions.Any(decision => decision.Changed) && !batch.Any(command => command.Fence))
                {
                    await FinishUnchanged(id, batch, decisions, entries);
                    return;
                }
                entries.Add(await journal.Enter(Key(id)));
                var outbox = Outbox(loaded, decisions);
                if (await Save(id, state, outbox, loaded, entries[^1]))
                {
                    await Finish(id, batch, decisions, state, outbox, entries);
                    return;
                }
                log.LostRace(Key(id), attempt);
            }
            catch (SidecarException e)
            {
                fault = e;
            }
            await Task.Delay(Backoff.Next(attempt, random), clock);
        }
        var exhausted = new TryAgainException($"{Key(id)} could not be saved in {TriesMax} tries.", fault);
        foreach (var command in batch)
            command.Answer.TrySetException(exhausted);
        watch.Doubtful(this, id, entries);
    }

    // Each command is decided on what the one before it left. A rule that throws is a bug seen by its caller alone.
    static List<Decision<T>> Decide(T loaded, IReadOnlyList<Command> batch, out T state)
    {
        state = loaded;
        var decisions = new List<Decision<T>>(batch.Count);
        foreach (var command in batch)
        {
            try
            {
                var decision = command.Decide(state);
                state = decision.State ?? state;
                decisions.Add(decision with { State = state });
            }
#pragma warning disable CA1031 // handed to the caller whole
            catch (Exception e)
#pragma warning restore CA1031
            {
                command.Answer.TrySetException(e);
                decisions.Add(new() { State = state });
            }
        }
        return decisions;
    }

    async Task Finish(string id, IReadOnlyList<Command> batch, IReadOnlyList<Decision<T>> decisions, T state,
        ImmutableArray<Event> outbox, IReadOnlyList<JournalEntry> entries)
    {
        Saved?.Invoke(state);
        Answer(batch, decisions);
        var announced = await Publish(outbox);
        await Publish([.. decisions.SelectMany(decision => decision.Answers)]);
        watch.Committed(this, id, entries, announced, state.Version == 0 || state.IsSettled(clock.GetUtcNow()));
    }

    async Task FinishUnchanged(string id, IReadOnlyList<Command> batch, IReadOnlyList<Decision<T>> decisions,
        IReadOnlyList<JournalEntry> entries)
    {
        Answer(batch, decisions);
        await Publish([.. decisions.SelectMany(decision => decision.Answers).DistinctBy(answer => answer.Id)]);
        // A save that was called lost may still be on its way: nobody but a fence can tell.
        watch.Doubtful(this, id, entries);
    }

    static void Answer(IReadOnlyList<Command> batch, IReadOnlyList<Decision<T>> decisions)
    {
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(decisions[i]);
    }

    // Events stay until the next save by one who published them himself.
    ImmutableArray<Event> Outbox(Loaded loaded, IReadOnlyList<Decision<T>> decisions) =>
        [.. loaded.Outbox.Where(e => !published.Contains(e.Id)), .. decisions.SelectMany(decision => decision.Events)];

    /// <returns>False if one or more may not have been taken; the watch will see to them.</returns>
    async Task<bool> Publish(ImmutableArray<Event> events)
    {
        try
        {
            foreach (var message in events)
            {
                await sidecar.Publish(message, default);
                published.Add(message.Id);
            }
            return true;
        }
        catch (SidecarException e)
        {
            log.NotPublished(e, events[0].Subject);
            return false;
        }
    }

    async Task<Loaded> Load(string id, CancellationToken ct) =>
        await sidecar.Get(Key(id), ct) is { } stored ? Parse(id, stored) : new(T.Absent(id), [], [], null);

    Loaded Parse(string id, Stored stored)
    {
        var document = JsonSerializer.Deserialize(stored.Value.Span, json)
            ?? throw new JsonException($"{Key(id)} holds no document.");
        return new(document.State ?? T.Absent(id), document.Outbox, document.Entries, stored.ETag);
    }

    Task<bool> Save(string id, T state, ImmutableArray<Event> outbox, Loaded loaded, JournalEntry entry)
    {
        var document = new Document<T>(state.Version == 0 ? null : state, outbox,
            [entry.Id, .. loaded.Entries.Take(Document<T>.EntriesMax - 1)]);
        return sidecar.Save(Key(id), JsonSerializer.SerializeToUtf8Bytes(document, json), loaded.ETag, default);
    }

    static string Key(string id) => $"{T.Kind}:{id}";
}
