using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.PubSub;

/// <summary>What somebody wants published.</summary>
/// <param name="ContentType">"" when none was given.</param>
/// <param name="TraceParent">"" when the request carries none.</param>
sealed record Publication(
    string PubSub,
    string Topic,
    ReadOnlyMemory<byte> Data,
    string ContentType,
    IReadOnlyDictionary<string, string> Metadata,
    string TraceParent,
    string TraceState);

/// <summary>An event as it goes to the broker, byte for byte as daprd writes it: members in alphabetical order, Go's
/// escapes, large numbers untouched.</summary>
sealed record CloudEvent(ReadOnlyMemory<byte> Json, string Id, string Type, string Subject, string TraceParent)
{
    public const string ContentType = "application/cloudevents+json";

    const string DefaultType = "com.dapr.event.sent";
    const string DefaultSource = "Dapr";

    /// <summary>Makes the event around the data; or takes the data for one, if it says so.</summary>
    /// <exception cref="FormatException">The data says it is an event and is not; the text is Go's.</exception>
    public static CloudEvent From(
        Publication publication, string appId, DateTimeOffset now, DateTimeOffset? expires, Func<Guid> newId) =>
        MediaType.Is(publication.ContentType, ContentType)
            ? Complete(publication, now, expires)
            : Wrap(publication, appId, now, expires, newId);

    /// <summary>What a subscriber of raw payloads gets: any bytes in an event without history.</summary>
    public static CloudEvent FromRaw(
        ReadOnlySpan<byte> data, string topic, string pubSub, Guid id, IReadOnlyDictionary<string, string> metadata)
    {
        var members = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = id.ToString(), ["specversion"] = "1.0", ["datacontenttype"] = "application/octet-stream",
            ["source"] = DefaultSource, ["type"] = DefaultType, ["topic"] = topic, ["pubsubname"] = pubSub,
            ["data_base64"] = Convert.ToBase64String(data),
        };
        if (metadata.TryGetValue("traceid", out var traceId)) members["traceid"] = traceId;
        if (metadata.TryGetValue("traceparent", out var parent)) members["traceparent"] = members["traceid"] = parent;
        if (metadata.TryGetValue("tracestate", out var state)) members["tracestate"] = state;

        var output = new ArrayBufferWriter<byte>(256 + data.Length * 2);
        var json = new GoJsonWriter(output).StartObject();
        foreach (var (name, value) in members) json.Member(name, value);
        json.EndObject();
        return new(output.WrittenMemory, members["id"], DefaultType, "", members.GetValueOrDefault("traceparent", ""));
    }

    /// <summary>Makes the event around the data, whatever it says it is.</summary>
    public static CloudEvent Wrap(
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

        var output = new ArrayBufferWriter<byte>(512 + publication.Data.Length);
        var json = new GoJsonWriter(output).StartObject();
        WriteData(json, contentType, publication.Data.Span);
        json.Member("datacontenttype", contentType);
        if (expires is { } end) json.Member("expiration", Rfc3339(end));
        json.Member("id", id).Member("pubsubname", publication.PubSub)
            .Member("source", source).Member("specversion", "1.0");
        if (subject.Length > 0) json.Member("subject", subject);
        json.Member("time", Rfc3339(now)).Member("topic", publication.Topic)
            .Member("traceid", parent).Member("traceparent", parent)
            .Member("tracestate", overrides.Or("tracestate", publication.TraceState)).Member("type", type).EndObject();
        return new(output.WrittenMemory, id, type, subject, parent);
    }

    static void WriteData(GoJsonWriter json, string contentType, ReadOnlySpan<byte> data)
    {
        if (MediaType.Is(contentType, "application/octet-stream")
            || MediaType.Is(contentType, "application/cloudevents+protobuf"))
            json.Member("data_base64", Convert.ToBase64String(data));
        else if (MediaType.Is(contentType, "application/json") && TryRewrite(data, out var value))
            json.Name("data").Raw(value);
        else
            json.Member("data", Encoding.UTF8.GetString(data));
    }

    static bool TryRewrite(ReadOnlySpan<byte> data, out byte[] value)
    {
        try
        {
            var reader = new Utf8JsonReader(data, EventJson.ReaderOptions);
            reader.Read();
            value = GoValue.Rewrite(ref reader, JsonStyle.Precise);
            return true;
        }
        catch (JsonException)
        {
            // As daprd: what is no JSON after all travels as text.
            value = [];
            return false;
        }
    }

    // The publisher's own event: only what belongs to the broker is overwritten, and what is missing is added, but no
    // id.
    static CloudEvent Complete(Publication publication, DateTimeOffset now, DateTimeOffset? expires)
    {
        var members = EventJson.ReadMembers(publication.Data.Span);
        void Default(string name, string value)
        {
            if (!members.TryGetValue(name, out var there) || there.AsSpan().SequenceEqual("null"u8)) Set(name, value);
        }

        void Set(string name, string value) => members[name] = EventJson.Quote(value);

        members.TryAdd("time", EventJson.Quote(Rfc3339(now)));
        if (members.TryAdd("traceid", EventJson.Quote(publication.TraceParent)))
            Set("traceparent", publication.TraceParent);
        members.TryAdd("tracestate", EventJson.Quote(publication.TraceState));
        Set("topic", publication.Topic);
        Set("pubsubname", publication.PubSub);
        Default("source", DefaultSource);
        Default("type", DefaultType);
        Default("specversion", "1.0");
        if (expires is { } end) Set("expiration", Rfc3339(end));

        return new(EventJson.Write(members), Text("id"), Text("type"), Text("subject"), Text("traceparent"));

        string Text(string name) => members.TryGetValue(name, out var value) ? EventJson.TextOrEmpty(value) : "";
    }

    static string Rfc3339(DateTimeOffset time) => time.Offset == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    /// <summary>The <c>cloudevent.*</c> entries of a request's metadata; a name is known in any letter case.</summary>
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
