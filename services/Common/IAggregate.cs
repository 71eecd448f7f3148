using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// One document under one key, changed only by pure rules. Its <see cref="Version"/> grows by one at every change that
/// others are told of; version 0 is "not there yet".
/// </summary>
public interface IAggregate<TSelf> where TSelf : class, IAggregate<TSelf>
{
    /// <summary>The first part of the key: <c>ticket</c> in <c>ticket:{id}</c>.</summary>
    static abstract string Kind { get; }

    /// <summary>The aggregate before anything happened to it.</summary>
    static abstract TSelf Absent(string id);

    long Version { get; }

    /// <summary>False while somebody's answer is missing: its journal entry stays and it is said again until answered.</summary>
    bool IsSettled(DateTimeOffset now);

    /// <summary>The current snapshot, marked <c>again</c>.</summary>
    IEnumerable<Event> SayAgain();
}
