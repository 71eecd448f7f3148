namespace Ticketing.Sidecar.State;

/// <summary>A key/value store as Dapr defines it. Keys arrive with their prefix, values as the bytes to keep.</summary>
/// <remarks>A refused ETag is a value (<see cref="StateOutcome"/>), because conflicts are normal. A store that fails
/// throws <see cref="StateStoreException"/> with the text to show.</remarks>
public interface IStateStore : IComponent
{
    ValueTask<StateItem?> GetAsync(string key, CancellationToken ct);

    /// <summary>Found and missing keys, in the store's own order (a missing one has no item).</summary>
    Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct);

    ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct);

    ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct);

    /// <summary>Every item, not expired, whose key starts with the prefix, in no order: how reminders are read
    /// back.</summary>
    IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(string prefix, CancellationToken ct);

    /// <summary>Several writes; whether they are atomic depends on the store.</summary>
    ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct);
}

public enum StateConcurrency { Unspecified, FirstWrite, LastWrite }

/// <param name="ExpiresAt">Null if it never expires, or the store does not return it.</param>
public sealed record StateItem(ReadOnlyMemory<byte> Value, string? ETag, DateTimeOffset? ExpiresAt = null);

/// <param name="Error">Why this key could not be read, else null.</param>
public sealed record BulkStateItem(string Key, StateItem? Item, string? Error = null);

public abstract record StateOperation(string Key, string? ETag, StateConcurrency Concurrency,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>An empty ETag is no ETag.</summary>
    public bool HasETag => !string.IsNullOrEmpty(ETag);

    /// <summary>Asked for with options that do not exist: refused with this text before it reaches the store.</summary>
    public string? Fault { get; init; }
}

/// <param name="IsJson">The bytes are known to be JSON text (over HTTP always; over gRPC they are whatever was
/// sent).</param>
public sealed record StateSet(
    string Key, ReadOnlyMemory<byte> Value, string? ETag, StateConcurrency Concurrency,
    IReadOnlyDictionary<string, string> Metadata, bool IsJson = true) : StateOperation(Key, ETag, Concurrency,
        Metadata);

public sealed record StateDelete(
    string Key, string? ETag, StateConcurrency Concurrency, IReadOnlyDictionary<string, string> Metadata)
    : StateOperation(Key, ETag, Concurrency, Metadata);

/// <summary>The result of a write: done, or one of three refusals.</summary>
/// <param name="Detail">The store's own text about the refusal, or null.</param>
public readonly record struct StateOutcome(StateRefusal Refusal, string? Detail = null)
{
    public static readonly StateOutcome Done = new(StateRefusal.None);
    public static readonly StateOutcome Mismatch = new(StateRefusal.ETagMismatch);

    public bool IsDone => Refusal == StateRefusal.None;

    public static StateOutcome Failed(string reason) => new(StateRefusal.Failed, reason);

    /// <summary>The error's text in Dapr's words.</summary>
    public string Text => Refusal switch
    {
        StateRefusal.ETagMismatch => With("possible etag mismatch. error from state store"),
        StateRefusal.ETagInvalid => With("invalid etag value"),
        _ => Detail ?? "",
    };

    string With(string prefix) => string.IsNullOrEmpty(Detail) ? prefix : $"{prefix}: {Detail}";
}

public enum StateRefusal { None, ETagMismatch, ETagInvalid, Failed }

/// <summary>The store failed; the message is for the caller.</summary>
public sealed class StateStoreException(string message, Exception? inner = null) : Exception(message, inner);
