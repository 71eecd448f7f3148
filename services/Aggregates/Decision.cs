using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// The result of a rule: a refusal, or the new state with the events that are saved in the same write
/// (<see cref="Events"/>) or only published again (<see cref="Answers"/>).
/// </summary>
public readonly record struct Decision<T> where T : class
{
    /// <summary>The state after the decision; after a refusal unchanged, or null.</summary>
    public T? State { get; init; }
    public Refusal? Refusal { get; init; }
    /// <summary>The state must be saved.</summary>
    public bool Changed { get; init; }
    /// <summary>Events of this change: saved in the outbox, in the same write as the state.</summary>
    public ImmutableArray<Event> Events { get; init => field = value.IsDefault ? [] : value; } = [];
    /// <summary>The current snapshot for a service that asked, marked <c>again</c>; nothing is saved.</summary>
    public ImmutableArray<Event> Answers { get; init => field = value.IsDefault ? [] : value; } = [];

    public Decision() { }

    /// <summary>No change, as for a repeated request.</summary>
    public static implicit operator Decision<T>(T unchanged) => new() { State = unchanged };
    public static implicit operator Decision<T>(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>Applies another rule to the new state, as one change; a refusal of either refuses both.</summary>
    public Decision<T> Then(Func<T, Decision<T>> next)
    {
        if (Refusal is not null || State is null)
            return this;
        var after = next(State);
        return after.Refusal is not null ? after : after with
        {
            Changed = Changed || after.Changed,
            Events = [.. Events, .. after.Events],
            Answers = [.. Answers, .. after.Answers],
        };
    }

    public Decision<T> Answering(params ReadOnlySpan<Event> answers) =>
        this with { Answers = [.. Answers, .. answers] };
}

public static class Decision
{
    /// <summary>A new state with the events that announce it.</summary>
    public static Decision<T> Changed<T>(T state, params ReadOnlySpan<Event> events) where T : class =>
        new() { State = state, Changed = true, Events = [.. events] };
}
