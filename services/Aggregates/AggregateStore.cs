using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// The only writer of an aggregate: load → decide → enter into the journal → save state and events with the ETag that
/// was loaded before the entry → publish → leave the journal. A lost race starts again with a load and a new entry.
/// </summary>
/// <remarks>
/// In one process, commands on one key queue up and are decided together, each on what the one before it left: one
/// load, one entry, one save. The order above is what makes a crash at any instant harmless (docs/decisions).
/// </remarks>
public sealed class AggregateStore<T> : IRecoverable where T : class, IAggregate<T>
{
    /// <summary>Tries of one batch before its commands are answered with <see cref="TryAgainException"/>.</summary>
    const int TriesMax = 10;
    /// <summary>Commands decided on one load, and commands that may wait for one key.</summary>
    const int BatchMax = 256, WaitingMax = 4096;

    readonly AggregateHost host;
    readonly ILogger<AggregateStore<T>> log;
    readonly Documents<T> documents;
    readonly EventPublisher publisher;
    readonly KeyedQueue<Command> queue;
    readonly Lazy<IProjection<T>[]> projections;
    readonly EffectRunner<T>? runner;

    sealed record Command(Func<T, Decision<T>> Decide, bool Fence, TaskCompletionSource<Decision<T>> Answer);

    /// <param name="projections">Asked for at the first save: projections may themselves read this store.</param>
    public AggregateStore(AggregateHost host, JsonTypeInfo<Document<T>> json,
        Func<IEnumerable<IProjection<T>>>? projections = null, IEffects<T>? effects = null)
    {
        (this.host, log) = (host, host.Log<AggregateStore<T>>());
        documents = new(host.Sidecar, json);
        publisher = new(host.Sidecar, log);
        queue = new(BatchMax, WaitingMax, Commit);
        this.projections = new(() => [.. projections?.Invoke() ?? []]);
        runner = effects is null ? null : new(this, effects, log, host.Clock);
        host.Recovery.Register(this);
    }

    public string Kind => T.Kind;

    /// <summary>Puts one command to the aggregate; returns its decision once that is durable.</summary>
    /// <param name="decide">Pure; it may be asked several times, on different states.</param>
    /// <exception cref="TryAgainException">The store is away or too many wait.</exception>
    public Task<Decision<T>> Update(string id, Func<T, Decision<T>> decide, CancellationToken ct = default) =>
        Enqueue(id, decide, fence: false).WaitAsync(ct);

    /// <summary>The aggregate as it is stored, or null.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public async Task<T?> Find(string id, CancellationToken ct = default) => (await Read(id, ct)).State;

    /// <summary>Those of the aggregates that exist, by id; one round trip.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public Task<Dictionary<string, T>> Find(IReadOnlyCollection<string> ids, CancellationToken ct = default) =>
        Reading(async () => (await documents.Load(ids, ct)).Where(found => found.Loaded.State.Version > 0)
            .ToDictionary(found => found.Id, found => found.Loaded.State));

    /// <summary>
    /// Performs what the aggregate asks of the outside, or joins who is doing so. Ends when nothing is pending, or
    /// nothing can be done for now; every save does the same without being waited for. Never throws but for
    /// <paramref name="ct"/>, which ends only the waiting.
    /// </summary>
    public Task Perform(string id, CancellationToken ct = default) =>
        runner?.Perform(id).WaitAsync(ct) ?? Task.CompletedTask;

    /// <summary>
    /// Asks outside how the aggregate stands, unless it was just asked, and returns the aggregate as it is then.
    /// Callers share one look; who stops waiting does not end it for the others.
    /// </summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public Task<T?> Look(string id, CancellationToken ct = default) => runner?.Look(id).WaitAsync(ct) ?? Find(id, ct);

    /// <summary>
    /// Publishes the current snapshot again if the aggregate is not settled, and performs what it asks of the outside,
    /// or looks. True: it is settled.
    /// </summary>
    /// <exception cref="SidecarException">It could not be read or published.</exception>
    public async Task<bool> Repeat(string id)
    {
        var state = (await documents.Load(id)).State;
        if (state.Version == 0 || state.IsSettled(host.Clock.GetUtcNow()))
            return true;
        runner?.Continue(id, state);
        foreach (var message in state.Repeat())
            await host.Sidecar.Publish(message, default);
        return false;
    }

    /// <summary>
    /// Writes the aggregate back as it is, so that every save that was loaded before it fails (one of a frozen process,
    /// or one still on its way), and publishes what its outbox holds.
    /// </summary>
    public Task Fence(string id) => Enqueue(id, static state => state, fence: true);

    /// <returns>Also what the newest save is called; two reads with the same name found the same state.</returns>
    internal Task<(T? State, string? LastSave)> Read(string id, CancellationToken ct = default) => Reading(async () =>
    {
        var loaded = await documents.Load(id, ct);
        return (loaded.State is { Version: > 0 } state ? state : null, loaded.Entries.FirstOrDefault());
    });

    static async Task<TRead> Reading<TRead>(Func<Task<TRead>> read)
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
                var loaded = await documents.Load(id);
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
                entries.Add(await host.Journal.Enter(Key(id)));
                var outbox = Outbox(loaded.Outbox, decisions);
                if (await documents.Save(id, state, outbox, loaded, entries[^1]))
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
            await Task.Delay(Backoff.Next(attempt, host.Random), host.Clock);
        }
        var exhausted = new TryAgainException($"{Key(id)} could not be saved in {TriesMax} tries.", fault);
        foreach (var command in batch)
            command.Answer.TrySetException(exhausted);
        host.Doubtful(this, id, entries);
    }

    // Each command is decided on what the one before it left. An exception of a rule is a bug: only its caller gets it.
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
        foreach (var projection in projections.Value)
            projection.Apply(state);
        runner?.Begin(id, state);
        Answer(batch, decisions);
        var isPublished = await publisher.Publish(outbox);
        await publisher.Publish([.. decisions.SelectMany(decision => decision.Answers)]);
        host.Committed(this, id, entries, isPublished, state.Version == 0 || state.IsSettled(host.Clock.GetUtcNow()));
    }

    async Task FinishUnchanged(string id, IReadOnlyList<Command> batch, IReadOnlyList<Decision<T>> decisions,
        IReadOnlyList<JournalEntry> entries)
    {
        Answer(batch, decisions);
        await publisher.Publish([.. decisions.SelectMany(decision => decision.Answers).DistinctBy(answer => answer.Id)]);
        // A save that the store called lost may still be on its way: only a fence makes sure that it fails.
        host.Doubtful(this, id, entries);
    }

    static void Answer(IReadOnlyList<Command> batch, IReadOnlyList<Decision<T>> decisions)
    {
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(decisions[i]);
    }

    // An event stays in the outbox until the next save by the process that published it.
    ImmutableArray<Event> Outbox(ImmutableArray<Event> loaded, IReadOnlyList<Decision<T>> decisions) =>
        [.. loaded.Where(e => !publisher.IsPublished(e)), .. decisions.SelectMany(decision => decision.Events)];

    static string Key(string id) => Documents<T>.Key(id);
}
