using System.Globalization;

namespace Ticketing.Common;

/// <summary>This process among the replicas of its service, and which broadcast events it needs.</summary>
/// <param name="Source">The CloudEvents <c>source</c> of what it publishes: no other process has the same.</param>
public sealed record Replica(string Source, DateTimeOffset StartedAt)
{
    /// <summary>By so much another machine's clock may be behind.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMinutes(10);

    public static Replica Start(string appId, Random random, TimeProvider clock) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{appId}/{random.NextInt64():x16}"), clock.GetUtcNow());

    /// <summary>
    /// A routing rule (CEL). On Redis a new replica reads a stream from its first entry: what was published before it
    /// started is old news, and the sidecar skips it without calling the app.
    /// </summary>
    public string Recent =>
        $"(!has(event.time) || timestamp(event.time) >= timestamp(\"{Rfc3339(StartedAt - ClockMargin)}\"))";

    /// <summary>The same, without what this process has published: it applied that when it saved it.</summary>
    public string RecentOfOthers => $"event.source != \"{Source}\" && {Recent}";

    static string Rfc3339(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
