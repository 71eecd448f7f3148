using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>One call of <see cref="AggregateStore{T}.Update"/>, or a fence, that waits for its key.</summary>
sealed record Command<T>(Func<T, Decision<T>> Decide, bool Fence, TaskCompletionSource<Decision<T>> Answer)
    where T : class;

/// <summary>
/// Commits the commands that wait for one key as a batch: load → decide each on the state the one before it left → add
/// a journal entry → save state and events with the ETag that was loaded before the entry → publish → remove the entry.
/// After a lost race it starts again with a load and a new entry.
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
        var entries = new List<JournalEntry>();
        try
        {
            await TryCommit(id, batch, entries);
        }
#pragma warning disable CA1031 // Such as a document that cannot be parsed: the callers get the exception, other keys go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.CommitFailed(e, Key(id));
            foreach (var command in batch)
                command.Answer.TrySetException(e);
            host.SaveUncertain(store, id, entries);
        }
    }

    async Task TryCommit(string id, IReadOnlyList<Command<T>> batch, List<JournalEntry> entries)
    {
        IReadOnlyList<Decision<T>> decisions = [];
        Exception? fault = null;
        for (var attempt = 1; attempt <= TriesMax; attempt++)
        {
            try
            {
                var loaded = await documents.Load(id);
                // An earlier save of this batch succeeded although its reply was lost: do not decide a second time.
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
        host.SaveUncertain(store, id, entries);
    }

    // An exception of a rule is a bug: only its own caller gets it.
    static List<Decision<T>> Decide(T loaded, IReadOnlyList<Command<T>> batch, out T state)
    {
        state = loaded;
        var decisions = new List<Decision<T>>(batch.Count);
        foreach (var command in batch)
        {
            // Its rule threw before the lost race and its caller knows: it must not be saved now.
            if (command.Answer.Task.IsCompleted)
            {
                decisions.Add(new() { State = state });
                continue;
            }
            try
            {
                var decision = command.Decide(state);
                state = decision.State ?? state;
                decisions.Add(decision with { State = state });
            }
#pragma warning disable CA1031 // thrown to the caller
            catch (Exception e)
#pragma warning restore CA1031
            {
                command.Answer.TrySetException(e);
                decisions.Add(new() { State = state });
            }
        }
        return decisions;
    }

    async Task Finish(string id, IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions, T state,
        ImmutableArray<Event> outbox, IReadOnlyList<JournalEntry> entries)
    {
        foreach (var projection in projections.Value)
            projection.Apply(state);
        runner?.Begin(id, state);
        Answer(batch, decisions);
        var isPublished = await publisher.Publish(outbox);
        await publisher.Publish([.. decisions.SelectMany(decision => decision.Answers)]);
        host.Committed(store, id, entries, isPublished, state.Version == 0 || state.IsSettled(host.Clock.GetUtcNow()));
    }

    async Task FinishUnchanged(string id, IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions,
        IReadOnlyList<JournalEntry> entries)
    {
        Answer(batch, decisions);
        await publisher.Publish(
            [.. decisions.SelectMany(decision => decision.Answers).DistinctBy(answer => answer.Id)]);
        // A save that was reported as failed may still be under way: a fence makes sure that it fails.
        host.SaveUncertain(store, id, entries);
    }

    static void Answer(IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions)
    {
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(decisions[i]);
    }

    // An event stays in the outbox until the next save by the process that published it.
    ImmutableArray<Event> Outbox(ImmutableArray<Event> loaded, IReadOnlyList<Decision<T>> decisions) =>
        [.. loaded.Where(e => !publisher.IsPublished(e)), .. decisions.SelectMany(decision => decision.Events)];

    static string Key(string id) => Documents<T>.Key(id);
}
