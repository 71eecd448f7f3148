using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// One document under one key, changed only by pure rules. Its <see cref="Version"/> grows by one at every published
/// change; version 0 means not stored yet.
/// </summary>
public interface IAggregate<TSelf> where TSelf : class, IAggregate<TSelf>
{
    /// <summary>The first part of the key: <c>ticket</c> in <c>ticket:{id}</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>The state of an aggregate that is not stored yet.</summary>
    static abstract TSelf Absent(string id);

    /// <summary>False if no rule looks at an enum's value: a word of a newer build then stops no command.</summary>
    static virtual bool DecidesByWords => true;

    long Version { get; }

    /// <summary>
    /// False while another service still has to answer or an effect is pending. Until it is true its slot in the
    /// journal is kept and <see cref="Repeat"/> is published repeatedly.
    /// </summary>
    bool IsSettled(DateTimeOffset now);

    /// <summary>The current snapshot as an event marked <c>again</c>, which receivers answer with their own.</summary>
    IEnumerable<Event> Repeat();
}
