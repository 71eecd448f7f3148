namespace Ticketing.Sidecar.PubSub;

/// <summary>How long a message may live, as its publisher says in the metadata.</summary>
static class MessageTtl
{
    /// <summary>From <c>ttl</c> or <c>ttlInSeconds</c>: a Go duration, or whole seconds. Null when there is none, and
    /// when it cannot be read: daprd goes on without.</summary>
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
