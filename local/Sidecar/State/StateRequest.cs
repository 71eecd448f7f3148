namespace Ticketing.Sidecar.State;

/// <summary>One item of a request, before its key gets the prefix.</summary>
/// <param name="Value">Compact JSON, or over gRPC any bytes.</param>
sealed record StateRequest(
    string Key, ReadOnlyMemory<byte> Value, string? ETag, string Concurrency, string Consistency,
    IReadOnlyDictionary<string, string> Metadata, bool IsJson = true)
{
    public static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>The default item: no ETag, no options, and null as value.</summary>
    public static readonly StateRequest Empty = new("", "null"u8.ToArray(), null, "", "", NoMetadata);

    public StateSet ToSet(string storedKey) =>
        new(storedKey, Value, ETag, ConcurrencyOf(Concurrency), Metadata,
            IsJson)
        { Fault = FaultOf(Consistency, Concurrency) };

    public StateDelete ToDelete(string storedKey) =>
        new(storedKey, ETag, ConcurrencyOf(Concurrency), Metadata) { Fault = FaultOf(Consistency, Concurrency) };

    /// <summary>The item's own metadata and that of the URL, which takes precedence.</summary>
    public StateRequest Under(IReadOnlyDictionary<string, string> query) =>
        query.Count == 0 ? this : this with { Metadata = Merge(Metadata, query) };

    public static IReadOnlyDictionary<string, string> Merge(
        IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, string> query)
    {
        if (query.Count == 0) return metadata;
        var merged = new Dictionary<string, string>(metadata);
        foreach (var (name, value) in query) merged[name] = value;
        return merged;
    }

    static StateConcurrency ConcurrencyOf(string text) => text switch
    {
        "first-write" => StateConcurrency.FirstWrite,
        "last-write" => StateConcurrency.LastWrite,
        _ => StateConcurrency.Unspecified,
    };

    static string? FaultOf(string consistency, string concurrency) =>
        consistency is not ("" or "strong" or "eventual") ? $"unrecognized consistency model '{consistency}'"
        : concurrency is not ("" or "first-write" or "last-write") ? $"unrecognized concurrency model '{concurrency}'"
        : null;
}
