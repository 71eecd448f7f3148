using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// Publishes events and remembers which: the next save leaves them out of the outbox. Forgetting one costs only a
/// second publish, so two generations of bounded size do.
/// </summary>
sealed class EventPublisher(ISidecar sidecar, ILogger log)
{
    const int GenerationSize = 20_000;
    readonly Lock gate = new();
    HashSet<string> young = [], old = [];

    /// <summary>True if this process published it not long ago.</summary>
    public bool IsPublished(Event message)
    {
        lock (gate)
            return young.Contains(message.Id) || old.Contains(message.Id);
    }

    /// <returns>False if one or more may not have been taken.</returns>
    public async Task<bool> Publish(ImmutableArray<Event> events)
    {
        try
        {
            foreach (var message in events)
            {
                await sidecar.Publish(message, default);
                Remember(message.Id);
            }
            return true;
        }
        catch (SidecarException e)
        {
            log.NotPublished(e, events[0].Subject);
            return false;
        }
    }

    void Remember(string eventId)
    {
        lock (gate)
        {
            young.Add(eventId);
            if (young.Count > GenerationSize)
                (young, old) = ([], young);
        }
    }
}
