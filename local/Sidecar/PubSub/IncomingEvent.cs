namespace Ticketing.Sidecar.PubSub;

/// <summary>The parts of a broker's message that a subscription reads.</summary>
/// <param name="Data">The broker's bytes, sent to the app unchanged.</param>
/// <param name="TraceParent">Null if the event has none, or it is not a string.</param>
sealed record IncomingEvent(
    ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata, string Id, string Type, string Subject,
    string? TraceParent, DateTimeOffset? Expires)
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <exception cref="JsonException">The message is not a JSON object.</exception>
    public static IncomingEvent Read(BrokerMessage message)
    {
        using var document = JsonDocument.Parse(message.Data, Options);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException($"the message is {root.ValueKind}, not an object");
        var parent = Find(root, "traceparent") ?? Find(root, "traceid");
        return new(
            message.Data, message.Metadata, Text(root, "id"), Text(root, "type"), Text(root, "subject"),
            parent is { ValueKind: JsonValueKind.String } ? parent.Value.GetString() : null,
            End(Text(root, "expiration")));
    }

    /// <summary>The event for routing rules: objects as maps, arrays as lists, all numbers as doubles.</summary>
    public Dictionary<string, object?> ToVariables()
    {
        using var document = JsonDocument.Parse(Data, Options);
        return new() { ["event"] = ToCel(document.RootElement) };
    }

    static object? ToCel(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Aggregate(new Dictionary<string, object?>(), (map, member) =>
        {
            map[member.Name] = ToCel(member.Value);
            return map;
        }),
        JsonValueKind.Array => value.EnumerateArray().Select(ToCel).ToArray(),
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    static JsonElement? Find(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static string Text(JsonElement root, string name) =>
        Find(root, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    static DateTimeOffset? End(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end)
            ? end
            : null;
}
