using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

/// <summary><c>docs/events.md</c>: every event with its publisher, subscribers and data.</summary>
static class EventsPage
{
    static readonly XDocument Comments =
        XDocument.Load(Path.ChangeExtension(typeof(TicketSnapshot).Assembly.Location, ".xml"));

    public static string Write()
    {
        var page = new StringBuilder();
        page.Append("""
            # Events

            Generated from the records in `services/Contracts` and the services' own subscriptions; do not edit. The same for
            machines is `asyncapi.json`.

            Every event carries the whole snapshot of its aggregate. A consumer keeps the newest it has seen and ignores what is
            not newer, so late, doubled and reordered events cannot matter. `again: true` asks the receiver for its own snapshot.

            ```mermaid
            flowchart LR

            """);
        foreach (var topic in PublishedTopic.All)
        {
            page.Append($"  {topic.Publisher}[{topic.Publisher}] --> {topic.Name}_t([{topic.Name}])\n");
            foreach (var app in Subscribers(topic))
                page.Append($"  {topic.Name}_t --> {app}[{app}]\n");
        }
        page.Append("```\n\n| topic | published by | received by | events |\n| --- | --- | --- | --- |\n");
        foreach (var topic in PublishedTopic.All)
            page.Append($"| `{topic.Name}` | {topic.Publisher} | {string.Join(", ", SubscribersInWords(topic))} | "
                + $"{string.Join(", ", topic.Types.Select(type => $"`{type}`"))} |\n");
        page.Append("\n*everywhere*: every replica of the service receives every message (component `broadcast`).\n");
        foreach (var topic in PublishedTopic.All)
            Describe(page, topic);
        return page.ToString().ReplaceLineEndings("\n");
    }

    static IEnumerable<string> Subscribers(PublishedTopic topic) =>
        Subscription.All.Where(s => s.Topic == topic.Name).Select(s => s.App).Distinct().Order();

    static IEnumerable<string> SubscribersInWords(PublishedTopic topic) => Subscription.All
        .Where(s => s.Topic == topic.Name)
        .Select(s => s.PubSub == "broadcast" ? $"{s.App} *everywhere*" : s.App)
        .Distinct().Order();

    static void Describe(StringBuilder page, PublishedTopic topic)
    {
        page.Append($"\n## {topic.Data.Name}\n\n{Comment($"T:{topic.Data.FullName}")}\n\n");
        page.Append("| member | type | meaning |\n| --- | --- | --- |\n");
        var schema = EventSchema.Of(topic.Data);
        foreach (var (name, node) in schema["properties"]!.AsObject())
            page.Append($"| `{name}` | {TypeOf(node!)} | {Comment($"P:{topic.Data.FullName}.{Pascal(name)}")} |\n");
    }

    static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    static string TypeOf(JsonNode node)
    {
        if (node is not JsonObject schema)
            return "any";
        if (schema["enum"] is JsonArray words)
            return string.Join(" / ", words.Where(word => word is not null).Select(word => $"`{word}`"));
        var type = schema["type"] switch
        {
            JsonArray several =>
                string.Join("?", several.Select(one => one!.ToString()).Where(one => one != "null")) + "?",
            { } one => one.ToString(),
            null => "any",
        };
        return schema["format"] is { } format ? $"{type} ({format})" : type;
    }

    static string Comment(string member) =>
        string.Join(' ', (Comments.Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == member)
            ?.Element("summary")?.Nodes().Select(Plain) ?? []))
            .ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal).Trim()
            is { Length: > 0 } text ? Squeeze(text) : "";

    static string Plain(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{((string?)see.Attribute("cref") ?? "").Split('.')[^1]}`",
        XElement other => other.Value,
        _ => node.ToString(),
    };

    static string Squeeze(string text) => string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
