using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary><c>docs/asyncapi.json</c>: the AsyncAPI 3.0 document of all published events.</summary>
static class AsyncApi
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write()
    {
        var document = new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Ticketing",
                ["version"] = "1.0.0",
                ["description"] =
                    "CloudEvents 1.0 over Dapr pub/sub; each carries the whole snapshot of its aggregate.",
            },
            ["channels"] = new JsonObject(PublishedTopic.All.Select(Channel)),
            ["operations"] = new JsonObject(PublishedTopic.All.SelectMany(Operations)),
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(PublishedTopic.All.Select(topic =>
                    new KeyValuePair<string, JsonNode?>(topic.Data.Name, EventSchema.Of(topic.Data)))),
            },
        };
        return document.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
    }

    static KeyValuePair<string, JsonNode?> Channel(PublishedTopic topic) => new(topic.Name, new JsonObject
    {
        ["address"] = topic.Name,
        ["messages"] =
            new JsonObject(topic.Types.Select(type => new KeyValuePair<string, JsonNode?>(type, new JsonObject
            {
                ["name"] = type,
                ["contentType"] = "application/cloudevents+json",
                ["payload"] = new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject
                    {
                        ["id"] = new JsonObject { ["type"] = "string" },
                        ["type"] = new JsonObject { ["const"] = type },
                        ["subject"] = new JsonObject { ["type"] = "string" },
                        ["data"] = new JsonObject { ["$ref"] = $"#/components/schemas/{topic.Data.Name}" },
                    },
                },
            }))),
    });

    static IEnumerable<KeyValuePair<string, JsonNode?>> Operations(PublishedTopic topic) => Subscription.All
        .Where(subscription => subscription.Topic == topic.Name)
        .Select(subscription => subscription.App).Distinct().Order()
        .Select(app => Operation($"{app}.{topic.Name}", "receive", topic))
        .Prepend(Operation($"{topic.Publisher}.publishes", "send", topic));

    static KeyValuePair<string, JsonNode?> Operation(string name, string action, PublishedTopic topic) =>
        new(name, new JsonObject
        {
            ["action"] = action,
            ["channel"] = new JsonObject { ["$ref"] = $"#/channels/{topic.Name}" },
        });
}
