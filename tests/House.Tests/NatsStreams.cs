using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary>
/// The streams that a new NATS server needs before the first message, one line each: what
/// <c>$JS.API.STREAM.CREATE</c> takes.
/// </summary>
/// <remarks>One stream per topic: with several topics in one stream the durable names of an app's readers collide.</remarks>
static class NatsStreams
{
    public static string Write() => string.Concat(Subscription.All.Select(subscription => subscription.Topic).Distinct()
        .Order(StringComparer.Ordinal).Select(topic => new JsonObject
        {
            // A stream's name may have no dot.
            ["name"] = topic.Replace('.', '-'), ["subjects"] = new JsonArray(topic), ["storage"] = "file",
            ["retention"] = "limits", ["discard"] = "new", ["max_age"] = MaxAge, ["num_replicas"] = 1,
        }.ToJsonString() + "\n"));

    /// <summary>Nanoseconds: seven days, longer than any outage that is repaired.</summary>
    const long MaxAge = 7L * 24 * 60 * 60 * 1_000_000_000;
}
