using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>What the stores need of the runtime: documents with ETags, and publishing.</summary>
public interface ISidecar
{
    /// <summary>The document under a key and its ETag, or null.</summary>
    /// <exception cref="SidecarException">The store did not answer.</exception>
    Task<Stored?> Get(string key, CancellationToken ct);

    /// <summary>The documents under these keys; absent ones are left out.</summary>
    /// <exception cref="SidecarException">The store did not answer for each of them: none passes for absent.</exception>
    Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Writes if the key still has this ETag (null: if it does not exist).</summary>
    /// <returns>False if the store says it did not write. That may be wrong: read again, then decide.</returns>
    /// <exception cref="SidecarException">It may have been written or not.</exception>
    Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct);

    /// <summary>
    /// Writes several keys in one state transaction. Not every store keeps what the word promises: on Redis a refused
    /// write leaves the others written. So only this may be relied on: if any of them is written, so are those before
    /// it.
    /// </summary>
    /// <exception cref="SidecarException">
    /// Each may have been written or not, or may be written later: a conflict looks like any other failure.
    /// </exception>
    Task Transact(IReadOnlyList<StateWrite> writes, CancellationToken ct);

    /// <summary>Publishes an event. That the broker accepted it does not mean that it will be delivered.</summary>
    /// <exception cref="SidecarException">The broker may not have accepted it.</exception>
    Task Publish(Event message, CancellationToken ct);
}

/// <summary>A stored document and its ETag.</summary>
public readonly record struct Stored(ReadOnlyMemory<byte> Value, string ETag);

/// <summary>One write of a transaction.</summary>
/// <param name="ETag">The key must exist with this ETag. Null: written whatever is there, as a transaction on Redis cannot
/// ask for the key to be absent.</param>
public readonly record struct StateWrite(string Key, ReadOnlyMemory<byte> Value, string? ETag = null);

/// <summary>The runtime failed, or it is unknown whether it did what it was asked to.</summary>
public sealed class SidecarException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The store does not answer, or too many write the same document. It is not known whether anything changed; try again.
/// </summary>
public class TryAgainException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A document or a message has a word in it that only newer builds know. Nothing was changed; a process of such a build
/// can do it.
/// </summary>
public sealed class NewerVersionException(string what)
    : TryAgainException($"{what} was written by a newer version of this service.");
