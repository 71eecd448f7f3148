using System.Text;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Outbox;

/// <summary>The event of one upsert.</summary>
static class OutboxEvent
{
    /// <param name="id">Of the event and of its marker in the store.</param>
    /// <param name="upsert">Each entry of its metadata is an attribute of the event, as it is.</param>
    /// <param name="shown">Its projection, or itself.</param>
    /// <param name="origin">The app, and the trace of its request.</param>
    public static byte[] Write(string id, StateSet upsert, StateSet shown, EventOrigin origin, DateTimeOffset now)
    {
        var contentType = shown.ContentType ?? shown.Metadata.GetValueOrDefault("contentType", "");
        var publication = new Publication("", "", Data(shown, contentType), contentType,
            StateRequest.NoMetadata, origin.TraceParent, origin.TraceState);
        var wrapped = CloudEvent.Wrap(publication, origin.AppId, now, expires: null, () => Guid.Empty);
        var members = EventJson.ReadMembers(wrapped.Json.Span);
        members["id"] = EventJson.Quote(id);
        members["traceparent"] = EventJson.Quote("");
        foreach (var (name, value) in upsert.Metadata)
            if (name is not ("id" or "data")) members[name] = EventJson.Quote(value);
        return EventJson.Write(members);
    }

    // What is not declared as JSON is printed as Go prints values.
    static ReadOnlyMemory<byte> Data(StateSet shown, string contentType) =>
        !shown.IsJson || contentType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            ? shown.Value
            : Encoding.UTF8.GetBytes(GoText.Of(shown.Value.Span));
}

/// <param name="TraceParent">"" when the request carries none.</param>
sealed record EventOrigin(string AppId, string TraceParent, string TraceState);
