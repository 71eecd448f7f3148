using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// Commits the commands that wait for one key as a batch: load → decide each on the state the one before it left → save
/// state, events and slot in one transaction, with the ETag that was loaded → publish → free the slot. After anything
/// but success it starts again with a load.
/// </summary>
/// <remarks>This order makes a crash at any instant harmless (docs/decisions/0012).</remarks>
/// <param name="projections">Called at the first save: projections may themselves read the store.</param>
sealed class Committer<T>(
    IRecoverable store, AggregateHost host, Documents<T> documents, EffectRunner<T>? runner,
    Func<IEnumerable<IProjection<T>>>? projections, ILogger log) where T : class, IAggregate<T>
{
    /// <summary>Tries of one batch before its commands are answered with <see cref="TryAgainException"/>.</summary>
    const int TriesMax = 10;

    readonly EventPublisher publisher = new(host.Sidecar, log);
    readonly Lazy<IProjection<T>[]> projections = new(() => [.. projections?.Invoke() ?? []]);

    /// <summary>Answers every command of the batch; never throws.</summary>
    public async Task Commit(string id, IReadOnlyList<Command<T>> batch)
    {
        var saves = new SaveAttempts<T>(store, host, documents, id);
        using var deadline = new CancellationTokenSource(AggregateHost.CommandDeadline, host.Clock);
        try
        {
            await TryCommit(id, batch, saves, deadline.Token);
        }
#pragma warning disable CA1031 // Such as a document that cannot be parsed: the callers get the exception, other keys go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (e is not (DamagedDocumentException or TryAgainException))
                log.CommitFailed(e, Key(id));
            foreach (var command in batch)
                command.Answer.TrySetException(e);
            if (saves.IsAnySent || saves.Slot is not null)
                host.Unfinished.Add(store, id, saves.Slot, needsFence: true);
        }
    }

    async Task TryCommit(
        string id, IReadOnlyList<Command<T>> batch, SaveAttempts<T> saves, CancellationToken ct)
    {
        IReadOnlyList<Decision<T>> decisions = [];
        Exception? fault = null;
        var isProven = !batch.All(command => command.LikelyNew);
        for (var attempt = 1; attempt <= TriesMax && !ct.IsCancellationRequested; attempt++)
        {
            try
            {
                var loaded = isProven ? await documents.Load(id, ct) : Documents<T>.Absent(id);
                // An earlier save of this batch succeeded although its reply was lost: do not decide a second time.
                if (saves.IsSavedIn(loaded))
                {
                    await Finish(id, batch, decisions, loaded.State, loaded.Outbox, saves, loaded.IsNewer);
                    return;
                }
                if (loaded.IsNewer)
                    BatchDecisions.Refuse(batch, Key(id));
                decisions = BatchDecisions.Decide(loaded.State, batch, out var state);
                var isFence = batch.Any(command => command.Fence);
                if (!decisions.Any(decision => decision.Changed) && !isFence && !saves.IsInDoubt(loaded))
                {
                    if (isProven)
                    {
                        await FinishUnchanged(id, batch, decisions, saves);
                        return;
                    }
                    // Nothing is saved that would prove it does not exist: it must be loaded.
                    isProven = true;
                    continue;
                }
                isProven = true;
                if (isFence)
                    await publisher.Publish([.. loaded.Outbox.Where(e => !publisher.IsPublished(e))], ct);
                var outbox = Outbox(loaded.Outbox, decisions);
                if (await saves.Save(state, outbox, loaded,
                    needsSlot: outbox.Length > 0 || loaded.IsNewer || !IsSettled(state), ct))
                {
                    await Finish(id, batch, decisions, state, outbox, saves, loaded.IsNewer);
                    return;
                }
                log.NotSaved(Key(id), attempt);
            }
            catch (Exception e) when (e is SidecarException or OperationCanceledException)
            {
                fault = e;
            }
            await Task.Delay(Backoff.Next(attempt, host.Random), host.Clock, CancellationToken.None);
        }
        throw new TryAgainException($"{Key(id)} could not be saved in {TriesMax} tries or in time.", fault);
    }

    async Task Finish(string id, IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions, T state,
        ImmutableArray<Event> outbox, SaveAttempts<T> saves, bool isNewer)
    {
        if (!isNewer)
        {
            foreach (var projection in projections.Value)
                projection.Apply(state);
            var run = runner?.Begin(id, state);
            foreach (var command in batch)
                command.Run = run;
        }
        BatchDecisions.Answer(batch, decisions);
        var isPublished = await PublishInTime(outbox);
        await PublishInTime([.. decisions.SelectMany(decision => decision.Answers)]);
        host.Committed(store, id, saves.Slot, isPublished, !isNewer && IsSettled(state));
    }

    async Task FinishUnchanged(string id, IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions,
        SaveAttempts<T> saves)
    {
        BatchDecisions.Answer(batch, decisions);
        await PublishInTime([.. decisions.SelectMany(decision => decision.Answers).DistinctBy(answer => answer.Id)]);
        // A slot of a lost race: the next visit finds out whether it is needed.
        if (saves.Slot is not null)
            host.Unfinished.Add(store, id, saves.Slot, needsFence: false);
    }

    // The next batch of this key waits for it.
    async Task<bool> PublishInTime(ImmutableArray<Event> events)
    {
        if (events.IsEmpty)
            return true;
        using var deadline = new CancellationTokenSource(AggregateHost.CommandDeadline, host.Clock);
        return await publisher.Publish(events, deadline.Token);
    }

    // An event stays in the outbox until the next save by the process that published it.
    ImmutableArray<Event> Outbox(ImmutableArray<Event> loaded, IReadOnlyList<Decision<T>> decisions) =>
        [.. loaded.Where(e => !publisher.IsPublished(e)), .. decisions.SelectMany(decision => decision.Events)];

    bool IsSettled(T state) => state.Version == 0 || state.IsSettled(host.Clock.GetUtcNow());

    static string Key(string id) => Documents<T>.Key(id);
}
