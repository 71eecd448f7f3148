using System.Text;
using System.Text.Json;
using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.PubSub;

/// <summary>One event of a bulk publish.</summary>
/// <param name="Metadata">The request's, overridden by the entry's own; nothing when the entry has none of its
/// own.</param>
sealed record BulkEntry(
    string EntryId, ReadOnlyMemory<byte> Event, string ContentType, IReadOnlyDictionary<string, string> Metadata)
{
    public static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>The entries of an HTTP request's body, or what is wrong with it.</summary>
    public static (IReadOnlyList<BulkEntry> Entries, DaprError? Error) ReadAll(
        ReadOnlySpan<byte> body,
        string pubSub,
        string topic,
        string appId,
        IReadOnlyDictionary<string, string> metadata)
    {
        var entries = new List<BulkEntry>();
        var ids = new HashSet<string>();
        try
        {
            var reader = new Utf8JsonReader(body, EventJson.ReaderOptions);
            if (!JsonDocument.TryParseValue(ref reader, out var document)) throw new JsonException();
            using (document)
            {
                foreach (var entry in document.RootElement.EnumerateArray())
                {
                    var id = Text(entry, "entryId");
                    var contentType = Text(entry, "contentType");
                    if (Bytes(entry, contentType, out var bytes) is { } fault)
                        return ([], PubSubErrors.BadEvent(pubSub, topic, appId, fault));
                    if (id.Length == 0 || !ids.Add(id)) return ([], PubSubErrors.BadEntryId(pubSub, topic, appId));
                    entries.Add(new(id, bytes, contentType, Merge(metadata, entry)));
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON at all, or not the shape of a bulk request.
            var fault = GoSyntax.Explain(body) ?? "json: cannot unmarshal the request into an array of entries";
            return ([], PubSubErrors.BadBulkRequest(pubSub, topic, appId, fault));
        }

        return (entries, null);
    }

    public static IReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> request, IEnumerable<KeyValuePair<string, string>>? own)
    {
        if (own is null) return NoMetadata;
        var merged = new Dictionary<string, string>(request);
        foreach (var (name, value) in own) merged[name] = value;
        return merged;
    }

    static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> request, JsonElement entry) =>
        Merge(request, Find(entry, "metadata") is { ValueKind: JsonValueKind.Object } own
            ? own.EnumerateObject().Select(item => KeyValuePair.Create(item.Name, item.Value.GetString() ?? ""))
            : null);

    /// <summary>The event as its content type wants it: JSON as JSON, text as its characters, base64 as its
    /// bytes.</summary>
    static string? Bytes(JsonElement entry, string contentType, out byte[] bytes)
    {
        bytes = [];
        var value = Find(entry, "event") ?? default;
        if (MediaType.Is(contentType, "application/json") || MediaType.Is(contentType, CloudEvent.ContentType))
        {
            bytes = Rewrite(value);
            return null;
        }

        if (value.ValueKind != JsonValueKind.String) return "error: mismatch between contentType and event";
        var text = value.GetString()!;
        if (!MediaType.Is(contentType, "application/octet-stream"))
        {
            bytes = Encoding.UTF8.GetBytes(text);
            return null;
        }

        if (FindBadBase64(text) is { } at)
            return "error: unable to decode base64 application/octect-stream data: "
                + $"illegal base64 data at input byte {at}";
        bytes = Convert.FromBase64String(text);
        return null;
    }

    static byte[] Rewrite(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined) return "null"u8.ToArray();
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(value.GetRawText()), EventJson.ReaderOptions);
        reader.Read();
        return GoValue.Rewrite(ref reader, JsonStyle.Go);
    }

    static int? FindBadBase64(string text)
    {
        if (Convert.TryFromBase64String(text, new byte[text.Length], out _)) return null;
        var at = text.AsSpan().IndexOfAnyExcept(Base64Characters);
        return at < 0 ? text.Length : at;
    }

    static readonly System.Buffers.SearchValues<char> Base64Characters = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n");

    static string Text(JsonElement entry, string name) =>
        Find(entry, name) is { ValueKind: not JsonValueKind.Null } value ? value.GetString()! : "";

    // Go's decoder knows names in any letter case.
    static JsonElement? Find(JsonElement entry, string name)
    {
        foreach (var member in entry.EnumerateObject())
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        return null;
    }
}
