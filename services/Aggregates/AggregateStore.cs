using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Aggregates;

/// <summary>
/// Reads and changes the aggregates of one kind; nothing else writes them. Within a process, commands on one key wait
/// in a queue and are committed together by <see cref="Committer{T}"/>: one load, one save.
/// </summary>
public sealed class AggregateStore<T> : IRecoverable where T : class, IAggregate<T>
{
    /// <summary>Commands in one commit, and commands that may wait for one key.</summary>
    const int BatchMax = 256, WaitingMax = 4096;

    readonly AggregateHost host;
    readonly Documents<T> documents;
    readonly KeyedQueue<Command<T>> queue;
    readonly EffectRunner<T>? runner;

    /// <param name="projections">Called at the first save: projections may themselves read this store.</param>
    public AggregateStore(AggregateHost host, JsonTypeInfo<Document<T>> json,
        Func<IEnumerable<IProjection<T>>>? projections = null, IEffects<T>? effects = null)
    {
        this.host = host;
        var log = host.Log<AggregateStore<T>>();
        documents = new(host.Sidecar, host.Damaged, json);
        runner = effects is null ? null : new(this, effects, log, host.Clock);
        queue = new(BatchMax, WaitingMax, new Committer<T>(this, host, documents, runner, projections, log).Commit);
        host.Recovery.Register(this);
    }

    public string Kind => T.Kind;

    /// <summary>Applies a rule to the aggregate; returns its decision once that is durable.</summary>
    /// <param name="decide">Pure: it may be called several times, on different states.</param>
    /// <exception cref="TryAgainException">
    /// The store did not answer, ten tries lost the race, too many commands wait, or ten seconds are over: it is not known
    /// whether anything changed.
    /// </exception>
    /// <exception cref="NewerVersionException">Nothing changed.</exception>
    public Task<Decision<T>> Update(string id, Func<T, Decision<T>> decide, CancellationToken ct = default) =>
        Enqueue(id, new(decide), ct);

    /// <summary>
    /// The same for an aggregate that probably does not exist yet: it is not loaded first, as the store refuses to create
    /// what exists. A wrong guess costs one refused save, and changes nothing else.
    /// </summary>
    /// <inheritdoc cref="Update"/>
    public Task<Decision<T>> Create(string id, Func<T, Decision<T>> decide, CancellationToken ct = default) =>
        Enqueue(id, new(decide) { LikelyNew = true }, ct);

    /// <summary>
    /// The same, and the run that performs the pending effect, as every save starts one: it ends when nothing is pending
    /// or the effect cannot be performed now, with the newest state it has seen (null: it could not be read), and never
    /// fails.
    /// </summary>
    /// <inheritdoc cref="Update"/>
    public async Task<(Decision<T> Decision, Task<T?> Run)> UpdateAndPerform(
        string id, Func<T, Decision<T>> decide, CancellationToken ct = default)
    {
        var command = new Command<T>(decide);
        var decision = await Enqueue(id, command, ct);
        return (decision, command.Run ?? runner?.Join(id, decision.State!) ?? Task.FromResult<T?>(decision.State));
    }

    /// <summary>The aggregate as it is stored, or null.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public async Task<T?> Find(string id, CancellationToken ct = default) => (await Read(id, ct)).State;

    /// <summary>The existing ones of these aggregates, by id; one round trip.</summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    /// <exception cref="DamagedDocumentException">One cannot be parsed.</exception>
    public Task<Dictionary<string, T>> Find(IReadOnlyCollection<string> ids, CancellationToken ct = default) =>
        Find(ids, skipDamaged: false, ct);

    /// <inheritdoc cref="Find(IReadOnlyCollection{string}, CancellationToken)"/>
    /// <param name="skipDamaged">Leaves out those that cannot be parsed: for lists that are useful without them.</param>
    public Task<Dictionary<string, T>> Find(
        IReadOnlyCollection<string> ids, bool skipDamaged, CancellationToken ct = default) =>
        Reading(async () => (await documents.Load(ids, skipDamaged, ct))
            .Where(found => found.Loaded.State.Version > 0)
            .ToDictionary(found => found.Id, found => found.Loaded.State));

    /// <summary>
    /// Asks the external system for its current state, unless that was just done, applies the answer and returns the
    /// aggregate. Concurrent callers share one request, which goes on when one of them stops waiting.
    /// </summary>
    /// <exception cref="TryAgainException">The store did not answer.</exception>
    public Task<T?> Refresh(string id, CancellationToken ct = default) =>
        runner?.Refresh(id).WaitAsync(ct) ?? Find(id, ct);

    /// <summary>
    /// If the aggregate is not settled: publishes its current snapshot again and performs its pending effect, or
    /// refreshes it if none is pending.
    /// </summary>
    /// <returns>True if it is settled.</returns>
    /// <exception cref="SidecarException">It could not be read or published.</exception>
    public async Task<bool> Repeat(string id)
    {
        var loaded = await documents.Load(id);
        var state = loaded.State;
        if (loaded.IsNewer)
            return false;   // whether it is settled, only a newer build can tell
        if (state.Version == 0 || state.IsSettled(host.Clock.GetUtcNow()))
            return true;
        runner?.Continue(id, state);
        foreach (var message in state.Repeat())
            await host.Sidecar.Publish(message with { TraceParent = loaded.Document.TraceParent }, default);
        return false;
    }

    /// <summary>
    /// Saves the aggregate unchanged, so that every save based on an earlier load fails (of a frozen process, or still
    /// under way), and publishes the events in its outbox.
    /// </summary>
    public Task Fence(string id) => Enqueue(id, new(static state => state) { Fence = true }, default);

    /// <returns>With the write id of the last save: two reads with the same one found the same state.</returns>
    internal Task<(T? State, string? LastSave)> Read(string id, CancellationToken ct = default) => Reading(async () =>
    {
        var loaded = await documents.Load(id, ct);
        return (loaded.State is { Version: > 0 } state ? state : null, loaded.Writes.FirstOrDefault());
    });

    /// <summary>As <see cref="Find(string, CancellationToken)"/>, for somebody who acts on the state.</summary>
    /// <exception cref="NewerVersionException"/>
    internal Task<T?> FindToAct(string id) => Reading(async () =>
    {
        var loaded = await documents.Load(id);
        return loaded.IsNewer ? throw new NewerVersionException(Documents<T>.Key(id))
            : loaded.State is { Version: > 0 } state ? state : null;
    });

    async Task<TRead> Reading<TRead>(Func<Task<TRead>> read)
    {
        try
        {
            return await read().WaitAsync(AggregateHost.CommandDeadline, host.Clock);
        }
        catch (Exception e) when (e is SidecarException or TimeoutException)
        {
            throw new TryAgainException("The store cannot be read right now.", e);
        }
    }

    async Task<Decision<T>> Enqueue(string id, Command<T> command, CancellationToken ct)
    {
        if (!queue.TryEnqueue(id, command))
            throw new TryAgainException($"Too many commands wait for {Documents<T>.Key(id)}.");
        // Set on the command itself, so that it is no longer decided.
        await using var deadline = host.Clock.CreateTimer(
            _ => command.Answer.TrySetException(new TryAgainException(
                $"{Documents<T>.Key(id)} did not change within {AggregateHost.CommandDeadline.TotalSeconds} s.")),
            null, AggregateHost.CommandDeadline, Timeout.InfiniteTimeSpan);
        return await command.Answer.Task.WaitAsync(ct);
    }
}
