using Dapr.Actors;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>One order's alarm clock; its actor id is the order's id.</summary>
public interface IExpirationActor : IActor
{
    /// <summary>What became of the order; told at least once and in any order.</summary>
    /// <returns>
    /// One of <see cref="Heard"/>, never nothing: nothing is what the runtime answers for an actor it did not reach.
    /// </returns>
    Task<string> Hear(OrderSnapshot order);
}

/// <summary>The answers of an actor.</summary>
public static class Heard
{
    /// <summary>The order is live: it will be asked for at its deadline.</summary>
    public const string Armed = "armed";
    /// <summary>The order is over: nobody will ask any more.</summary>
    public const string Disarmed = "disarmed";
    /// <summary>Nothing newer than what was known.</summary>
    public const string Stale = "stale";
}
