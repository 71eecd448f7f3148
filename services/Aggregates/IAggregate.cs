using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// One document under one key, changed only by pure rules. Its <see cref="Version"/> grows by one at every change that
/// is published; version 0 means that nothing is stored yet.
/// </summary>
public interface IAggregate<TSelf> where TSelf : class, IAggregate<TSelf>
{
    /// <summary>The first part of the key: <c>ticket</c> in <c>ticket:{id}</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>The aggregate before anything happened to it.</summary>
    static abstract TSelf Absent(string id);

    long Version { get; }

    /// <summary>
    /// False while another service still has to answer, or an effect is pending: until then its journal entry stays,
    /// and <see cref="Repeat"/> is published again and again.
    /// </summary>
    bool IsSettled(DateTimeOffset now);

    /// <summary>The current snapshot as an event marked <c>again</c>: who receives it answers.</summary>
    IEnumerable<Event> Repeat();
}
