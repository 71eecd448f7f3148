namespace Ticketing.Sidecar.PubSub;

/// <summary>A message's time to live, from the publisher's metadata.</summary>
static class MessageTtl
{
    /// <summary>From <c>ttl</c> or <c>ttlInSeconds</c>: a Go duration, or whole seconds. Null if missing or, as in
    /// daprd, if it cannot be parsed.</summary>
    public static TimeSpan? Find(IReadOnlyDictionary<string, string> metadata)
    {
        if ((Text(metadata, "ttl") ?? Text(metadata, "ttlInSeconds")) is not { Length: > 0 } text) return null;
        if (DaprDuration.TryParse(text, out var duration)) return duration < TimeSpan.Zero ? TimeSpan.Zero : duration;
        var isWhole = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds);
        if (!isWhole || seconds <= 0) return null;
        return seconds > TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
    }

    public static DateTimeOffset End(DateTimeOffset now, TimeSpan ttl) =>
        ttl > DateTimeOffset.MaxValue - now ? DateTimeOffset.MaxValue : now + ttl;

    static string? Text(IReadOnlyDictionary<string, string> metadata, string name)
    {
        foreach (var (key, value) in metadata)
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }
}
