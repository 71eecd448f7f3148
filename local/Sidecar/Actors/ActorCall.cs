using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Actors;

/// <summary>A call of an actor: a method, or the callback of a timer or reminder.</summary>
/// <param name="Method">The path after <c>/method/</c>, unescaped: <c>pay</c>, <c>remind/expire</c>.</param>
/// <param name="Query">With its question mark, or "".</param>
/// <param name="Headers">The headers to forward, without those of the content.</param>
sealed record ActorCall(
    string Method, string Query, IReadOnlyList<KeyValuePair<string, StringValues>> Headers, ReadOnlyMemory<byte> Body,
    string? ContentType, bool IsCallback = false)
{
    /// <summary>What a timer or reminder sends.</summary>
    public static ActorCall Callback(string method, ReadOnlyMemory<byte> body) =>
        new(method, "", [], body, "application/json", IsCallback: true);

    public ActorCall With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}

/// <summary>The app's response with status 200.</summary>
sealed record ActorReply(
    IReadOnlyList<KeyValuePair<string, StringValues>> Headers, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>Set by the .NET SDK for a failed method; the response is forwarded unchanged.</summary>
    public bool IsFault => Headers.Find("X-DaprErrorResponseHeader") is not null;

    /// <summary>The values that Dapr reads as true: y, yes, true, t, on, 1.</summary>
    public bool CancelsReminder =>
        Headers.Find("X-DaprReminderCancel")?.ToLowerInvariant() is "y" or "yes" or "true" or "t" or "on" or "1";
}

static class HeaderList
{
    public static string? Find(this IReadOnlyList<KeyValuePair<string, StringValues>> headers, string name)
    {
        foreach (var (key, values) in headers)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return values.ToString();
        return null;
    }
}
