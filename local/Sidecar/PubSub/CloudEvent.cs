namespace Ticketing.Sidecar.PubSub;

/// <summary>A request to publish.</summary>
/// <param name="ContentType">"" when none was given.</param>
/// <param name="TraceParent">"" when the request carries none.</param>
sealed record Publication(
    string PubSub, string Topic, ReadOnlyMemory<byte> Data, string ContentType,
    IReadOnlyDictionary<string, string> Metadata, string TraceParent, string TraceState);

/// <summary>An event as published, in daprd's form: members in alphabetical order, large numbers unchanged.</summary>
sealed record CloudEvent(ReadOnlyMemory<byte> Json, string Id, string Type, string Subject, string TraceParent)
{
    public const string ContentType = "application/cloudevents+json";

    const string DefaultType = "com.dapr.event.sent";
    const string DefaultSource = "Dapr";

    /// <summary>Wraps the data in an event, or uses the data as the event if its content type says so.</summary>
    /// <exception cref="FormatException">The data is declared as an event but is not valid.</exception>
    public static CloudEvent From(
        Publication publication, string appId, DateTimeOffset now, DateTimeOffset? expires, Func<Guid> newId) =>
        MediaType.Is(publication.ContentType, ContentType)
            ? Complete(publication, now, expires)
            : Wrap(publication, appId, now, expires, newId);

    /// <summary>Wraps the data in an event, whatever its content type.</summary>
    static CloudEvent Wrap(
        Publication publication, string appId, DateTimeOffset now, DateTimeOffset? expires, Func<Guid> newId)
    {
        var overrides = new Overrides(publication.Metadata);
        var id = overrides.Or("id", "") is { Length: > 0 } given ? given : newId().ToString();
        var type = overrides.Or("type", "") is { Length: > 0 } named ? named : DefaultType;
        var source = overrides.Or("source", appId) is { Length: > 0 } known ? known : DefaultSource;
        var subject = overrides.Or("subject", "");
        var parent = overrides.Or("traceparent", "") is { Length: > 0 } own
            ? own
            : overrides.Or("traceid", publication.TraceParent);
        var contentType = publication.ContentType.Length > 0 ? publication.ContentType : "text/plain";

        var written = DaprJson.Write(json =>
        {
            json.WriteStartObject();
            WriteData(json, contentType, publication.Data.Span);
            json.WriteString("datacontenttype", contentType);
            if (expires is { } end) json.WriteString("expiration", Rfc3339.FormatSeconds(end));
            json.WriteString("id", id);
            json.WriteString("pubsubname", publication.PubSub);
            json.WriteString("source", source);
            json.WriteString("specversion", "1.0");
            if (subject.Length > 0) json.WriteString("subject", subject);
            json.WriteString("time", Rfc3339.FormatSeconds(now));
            json.WriteString("topic", publication.Topic);
            json.WriteString("traceid", parent);
            json.WriteString("traceparent", parent);
            json.WriteString("tracestate", overrides.Or("tracestate", publication.TraceState));
            json.WriteString("type", type);
            json.WriteEndObject();
        });
        return new(written, id, type, subject, parent);
    }

    static void WriteData(Utf8JsonWriter json, string contentType, ReadOnlySpan<byte> data)
    {
        if (MediaType.Is(contentType, "application/octet-stream")
            || MediaType.Is(contentType, "application/cloudevents+protobuf"))
        {
            json.WriteBase64String("data_base64", data);
            return;
        }

        if (MediaType.Is(contentType, "application/json") && TryCompact(data, out var value))
        {
            json.WritePropertyName("data");
            json.WriteRawValue(value);
        }
        else
        {
            json.WriteString("data", Encoding.UTF8.GetString(data));
        }
    }

    static bool TryCompact(ReadOnlySpan<byte> data, out byte[] value)
    {
        try
        {
            value = DaprJson.Compact(DaprJson.Read(data));
            return true;
        }
        catch (JsonException)
        {
            // As in daprd, data that is not valid JSON is sent as text.
            value = [];
            return false;
        }
    }

    // The publisher's own event: overwrites the broker's members and adds missing ones, except an id.
    static CloudEvent Complete(Publication publication, DateTimeOffset now, DateTimeOffset? expires)
    {
        var members = ReadMembers(publication.Data.Span);
        void Set(string name, string value) => members[name] = Element(value);

        void Default(string name, string value)
        {
            if (!members.TryGetValue(name, out var there) || there.ValueKind == JsonValueKind.Null) Set(name, value);
        }

        members.TryAdd("time", Element(Rfc3339.FormatSeconds(now)));
        if (members.TryAdd("traceid", Element(publication.TraceParent))) Set("traceparent", publication.TraceParent);
        members.TryAdd("tracestate", Element(publication.TraceState));
        Set("topic", publication.Topic);
        Set("pubsubname", publication.PubSub);
        Default("source", DefaultSource);
        Default("type", DefaultType);
        Default("specversion", "1.0");
        if (expires is { } end) Set("expiration", Rfc3339.FormatSeconds(end));

        return new(DaprJson.Write(json => json.WriteMembers(members)),
            Text("id"), Text("type"), Text("subject"), Text("traceparent"));

        string Text(string name) => members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()! : "";
    }

    static JsonElement Element(string text) => JsonSerializer.SerializeToElement(text, SidecarJson.Default.String);

    static SortedDictionary<string, JsonElement> ReadMembers(ReadOnlySpan<byte> data)
    {
        try
        {
            var value = DaprJson.Read(data);
            return value.ValueKind == JsonValueKind.Object
                ? DaprJson.Members(DaprJson.Read(DaprJson.Compact(value)))
                : throw new FormatException($"an event is an object, not {value.ValueKind}");
        }
        catch (JsonException error)
        {
            throw new FormatException(error.Message, error);
        }
    }

    /// <summary>The <c>cloudevent.*</c> entries of a request's metadata; names are case-insensitive.</summary>
    readonly struct Overrides(IReadOnlyDictionary<string, string> metadata)
    {
        public string Or(string attribute, string otherwise)
        {
            if (metadata.Count == 0) return otherwise;
            foreach (var (name, value) in metadata)
                if (name.StartsWith("cloudevent.", StringComparison.OrdinalIgnoreCase)
                    && name.AsSpan("cloudevent.".Length).Equals(attribute, StringComparison.OrdinalIgnoreCase))
                    return value;
            return otherwise;
        }
    }
}
