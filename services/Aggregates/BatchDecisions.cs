using System.Collections.Immutable;
using System.Diagnostics;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>One call of <see cref="AggregateStore{T}.Update"/>, or a fence, that waits for its key.</summary>
sealed record Command<T>(Func<T, Decision<T>> Decide) where T : class
{
    public bool Fence { get; init; }
    public bool LikelyNew { get; init; }
    /// <summary>
    /// The caller's W3C trace context, if it has one: a batch runs in the trace of its first command.
    /// </summary>
    public string? TraceParent { get; } =
        Activity.Current is { IdFormat: ActivityIdFormat.W3C } caller ? caller.Id : null;

    /// <summary>Once answered: the run that performs what the saved state has pending; else null.</summary>
    public Task<T?>? Run { get; set; }
    public TaskCompletionSource<Decision<T>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The events of a decision, in the trace of its command.</summary>
    public ImmutableArray<Event> Traced(ImmutableArray<Event> events) =>
        TraceParent is null ? events : [.. events.Select(e => e with { TraceParent = e.TraceParent ?? TraceParent })];
}

/// <summary>Decides the commands of a batch one after the other, and answers them.</summary>
static class BatchDecisions
{
    /// <summary>Answers the commands on a state that no rule of this build may decide on. Fences go on.</summary>
    public static void Refuse<T>(IReadOnlyList<Command<T>> batch, string key) where T : class
    {
        foreach (var command in batch.Where(command => !command.Fence))
            command.Answer.TrySetException(new NewerVersionException(key));
    }

    // An exception of a rule is a bug: only its own caller gets it.
    public static List<Decision<T>> Decide<T>(T loaded, IReadOnlyList<Command<T>> batch, out T state) where T : class
    {
        state = loaded;
        var decisions = new List<Decision<T>>(batch.Count);
        foreach (var command in batch)
        {
            // Its rule threw before, or its deadline is over, and its caller knows: it must not be saved now.
            if (command.Answer.Task.IsCompleted)
            {
                decisions.Add(new() { State = state });
                continue;
            }
            try
            {
                var decision = command.Decide(state);
                state = decision.State ?? state;
                decisions.Add(decision with
                {
                    State = state,
                    Events = command.Traced(decision.Events),
                    Answers = command.Traced(decision.Answers),
                });
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

    public static void Answer<T>(IReadOnlyList<Command<T>> batch, IReadOnlyList<Decision<T>> decisions) where T : class
    {
        for (var i = 0; i < batch.Count; i++)
            batch[i].Answer.TrySetResult(decisions[i]);
    }
}
