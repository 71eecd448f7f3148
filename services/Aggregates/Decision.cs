using System.Collections.Immutable;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// What a rule decided about an aggregate: refused; or the state it leaves, with the events that are saved in the same
/// write (<see cref="Events"/>), or only published once more (<see cref="Answers"/>).
/// </summary>
public readonly record struct Decision<T> where T : class
{
    /// <summary>The state after the decision; the unchanged one if refused, null only in a bare refusal.</summary>
    public T? State { get; init; }
    public Refusal? Refusal { get; init; }
    /// <summary>The state is to be saved.</summary>
    public bool Changed { get; init; }
    /// <summary>Events of this change: they go into the outbox, in the same write as the state.</summary>
    public ImmutableArray<Event> Events { get; init => field = value.IsDefault ? [] : value; } = [];
    /// <summary>The current snapshot for a service that asked, marked <c>again</c>; nothing is saved.</summary>
    public ImmutableArray<Event> Answers { get; init => field = value.IsDefault ? [] : value; } = [];

    public Decision() { }

    /// <summary>Nothing to do: asked twice is done once.</summary>
    public static implicit operator Decision<T>(T unchanged) => new() { State = unchanged };
    public static implicit operator Decision<T>(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>Another rule on what this one left, as one change; a refusal of either refuses both.</summary>
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

    public Decision<T> Answering(params ReadOnlySpan<Event> answers) => this with { Answers = [.. Answers, .. answers] };
}

public static class Decision
{
    /// <summary>A new state and the events that tell of it.</summary>
    public static Decision<T> Changed<T>(T state, params ReadOnlySpan<Event> events) where T : class =>
        new() { State = state, Changed = true, Events = [.. events] };
}
