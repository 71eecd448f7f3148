namespace Ticketing.Sidecar.State;

/// <summary>An item of a save, or of one operation of a transaction.</summary>
sealed record StateItemBody(
    string? Key, JsonElement Value, string? ETag, Dictionary<string, string?>? Metadata, StateItemOptions? Options)
{
    /// <exception cref="JsonException">The value cannot be serialized again.</exception>
    public StateRequest ToRequest() => new(
        Key ?? "", DaprJson.Compact(Value), ETag, Options?.Concurrency ?? "", Options?.Consistency ?? "",
        StateBodies.Texts(Metadata));
}

sealed record StateItemOptions(string? Concurrency, string? Consistency);

sealed record BulkGetBody(List<string?>? Keys);

/// <param name="Metadata">For the store call; operations get only the metadata of the URL.</param>
sealed record TransactionBody(List<OperationBody?>? Operations, Dictionary<string, string?>? Metadata);

sealed record OperationBody(string? Operation, StateItemBody? Request);

/// <summary>The bodies of the state API's requests; one that cannot be read is a <see cref="JsonException"/>.</summary>
static class StateBodies
{
    /// <summary><c>[{key, value, etag, metadata, options}]</c></summary>
    public static List<StateRequest> ReadSave(ReadOnlySpan<byte> body) =>
        (DaprJson.Read(body, SidecarJson.Default.ListStateItemBody) ?? []).ConvertAll(Request);

    /// <summary>The keys of <c>{keys, parallelism, metadata}</c>; the rest is ignored.</summary>
    public static List<string> ReadBulkGet(ReadOnlySpan<byte> body) =>
        DaprJson.Read(body, SidecarJson.Default.BulkGetBody)?.Keys?.ConvertAll(key => key ?? "") ?? [];

    /// <summary><c>{operations: [{operation, request}], metadata}</c></summary>
    public static StateTransaction ReadTransaction(ReadOnlySpan<byte> body)
    {
        var transaction = DaprJson.Read(body, SidecarJson.Default.TransactionBody);
        return new(
            transaction?.Operations?.ConvertAll(item => (item?.Operation ?? "", Request(item?.Request))) ?? [],
            Texts(transaction?.Metadata));
    }

    public static IReadOnlyDictionary<string, string> Texts(Dictionary<string, string?>? metadata) =>
        metadata?.ToDictionary(item => item.Key, item => item.Value ?? "") ?? StateRequest.NoMetadata;

    static StateRequest Request(StateItemBody? item) => item?.ToRequest() ?? StateRequest.Empty;
}

/// <param name="Metadata">For the store call; operations get only the metadata of the URL.</param>
sealed record StateTransaction(
    List<(string Operation, StateRequest Request)> Operations, IReadOnlyDictionary<string, string> Metadata);
