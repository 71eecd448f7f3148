using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>
/// Publishes events and caches their ids, so that the next save leaves them out of the outbox. A lost id only costs a
/// second publish.
/// </summary>
sealed class EventPublisher(ISidecar sidecar, ILogger log)
{
    const int GenerationSize = 20_000;
    readonly BoundedCache<string, bool> published = new(GenerationSize);

    /// <summary>True if this process has recently published it.</summary>
    public bool IsPublished(Event message) => published.TryGet(message.Id, out _);

    /// <returns>False if the broker may not have accepted all of them.</returns>
    public async Task<bool> Publish(ImmutableArray<Event> events, CancellationToken ct)
    {
        foreach (var message in events)
        {
            try
            {
                await sidecar.Publish(message, ct);
            }
            catch (Exception e) when (e is SidecarException or OperationCanceledException)
            {
                log.NotPublished(e, message.Subject);
                return false;
            }
            published.Set(message.Id, true);
        }
        return true;
    }
}
