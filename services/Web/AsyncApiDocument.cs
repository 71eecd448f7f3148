using System.Text.Json;

namespace Ticketing.Web;

/// <summary>A topic: its events, the apps that publish and subscribe, and the type and members of the data.</summary>
public sealed record EventTopic(
    string Name, IReadOnlyList<string> Events, IReadOnlyList<string> Publishers, IReadOnlyList<string> Subscribers,
    string DataType, IReadOnlyList<string> Members);

/// <summary>The topics of <c>docs/asyncapi.json</c>, which a test keeps up to date.</summary>
public static class AsyncApiDocument
{
    public static string Json { get; } = Read();

    public static IReadOnlyList<EventTopic> Topics { get; } = [.. Parse(JsonDocument.Parse(Json).RootElement)];

    static IEnumerable<EventTopic> Parse(JsonElement document)
    {
        var schemas = document.GetProperty("components").GetProperty("schemas");
        foreach (var channel in document.GetProperty("channels").EnumerateObject())
        {
            var messages = channel.Value.GetProperty("messages").EnumerateObject().ToList();
            var dataType = messages[0].Value.GetProperty("payload").GetProperty("properties").GetProperty("data")
                .GetProperty("$ref").GetString()!.Split('/')[^1];
            var members = schemas.GetProperty(dataType).GetProperty("properties").EnumerateObject().Select(m => m.Name);
            yield return new(channel.Name, [.. messages.Select(message => message.Name)],
                AppsThat(document, channel.Name, "send"), AppsThat(document, channel.Name, "receive"), dataType,
                [.. members]);
        }
    }

    // Operations are named `app.publishes` or `app.topic`.
    static IReadOnlyList<string> AppsThat(JsonElement document, string channel, string action) =>
    [
        .. document.GetProperty("operations").EnumerateObject()
            .Where(operation => operation.Value.GetProperty("action").GetString() == action
                && operation.Value.GetProperty("channel").GetProperty("$ref").GetString()!.Split('/')[^1] == channel)
            .Select(operation => operation.Name.Split('.')[0]),
    ];

    static string Read()
    {
        using var resource = typeof(AsyncApiDocument).Assembly.GetManifestResourceStream("asyncapi.json")!;
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
