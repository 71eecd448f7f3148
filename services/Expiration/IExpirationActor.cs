using Dapr.Actors;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>Timer and reminder for the deadline of one order; the actor's id is the order's id.</summary>
public interface IExpirationActor : IActor
{
    /// <summary>Sets or removes timer and reminder. Events arrive at least once and in any order.</summary>
    /// <returns>
    /// One of <see cref="ApplyOutcome"/>, never empty: an empty answer is the runtime's, for an actor it did not reach.
    /// </returns>
    Task<string> Apply(OrderSnapshot order);
}

/// <summary>The results of <see cref="IExpirationActor.Apply"/>.</summary>
public static class ApplyOutcome
{
    /// <summary>The order is live: timer and reminder are set.</summary>
    public const string Armed = "armed";
    /// <summary>The order is over: timer and reminder are removed.</summary>
    public const string Disarmed = "disarmed";
    /// <summary>The snapshot is not newer than the last one.</summary>
    public const string Stale = "stale";
}
