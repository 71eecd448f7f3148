using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary>
/// The exchanges and queues that a new RabbitMQ needs before the first message: it confirms and drops a message to an
/// exchange without a bound queue. Names and arguments are daprd's own, so that daprd uses these queues.
/// </summary>
static class RabbitDefinitions
{
    const string Host = "/";

    static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write()
    {
        // A broadcast queue is named by a replica's uuid, so it cannot be declared here; it need not keep messages
        // either.
        var shared = Subscription.All.Where(subscription => subscription.PubSub == "pubsub")
            .Select(subscription => (subscription.App, subscription.Topic)).Distinct().Order().ToList();
        var topics = Subscription.All.Select(subscription => subscription.Topic).Distinct()
            .Order(StringComparer.Ordinal);
        return new JsonObject
        {
            ["vhosts"] = new JsonArray(new JsonObject { ["name"] = Host }),
            ["exchanges"] = Array(topics, topic => new()
            {
                ["name"] = topic, ["vhost"] = Host, ["type"] = "fanout", ["durable"] = true,
                ["auto_delete"] = false, ["internal"] = false, ["arguments"] = new JsonObject(),
            }),
            ["queues"] = Array(shared, queue => new()
            {
                ["name"] = $"{queue.App}-{queue.Topic}", ["vhost"] = Host, ["durable"] = true, ["auto_delete"] = false,
                ["arguments"] = new JsonObject(),
            }),
            ["bindings"] = Array(shared, queue => new()
            {
                ["source"] = queue.Topic, ["vhost"] = Host, ["destination"] = $"{queue.App}-{queue.Topic}",
                ["destination_type"] = "queue", ["routing_key"] = "", ["arguments"] = new JsonObject(),
            }),
            ["policies"] = new JsonArray(BroadcastQueuesExpire()),
        }.ToJsonString(Readable).ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>A queue is deleted one minute after its replica is gone.</summary>
    static JsonObject BroadcastQueuesExpire() => new()
    {
        ["name"] = "broadcast", ["vhost"] = Host, ["apply-to"] = "queues", ["priority"] = 0,
        ["pattern"] = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-",
        ["definition"] = new JsonObject { ["expires"] = 60000 },
    };

    static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> describe) =>
        [.. items.Select(item => (JsonNode)describe(item))];
}
