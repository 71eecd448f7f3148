using Ticketing.Contracts;

namespace Ticketing.Aggregates;

/// <summary>What the stores need of the runtime: bytes under keys, guarded by ETags, and a way to publish.</summary>
public interface ISidecar
{
    /// <summary>The bytes and ETag under a key, or null.</summary>
    /// <exception cref="SidecarException">The store did not answer.</exception>
    Task<Stored?> Get(string key, CancellationToken ct);

    /// <summary>What lies under these keys; absent ones are left out.</summary>
    /// <exception cref="SidecarException">The store did not answer for all of them.</exception>
    Task<IReadOnlyDictionary<string, Stored>> Get(IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>Writes if the key still has this ETag (null: if it does not exist).</summary>
    /// <returns>False if the store says it has not; that is a hint, not proof: read again, then decide.</returns>
    /// <exception cref="SidecarException">Nobody knows whether it was written.</exception>
    Task<bool> Save(string key, ReadOnlyMemory<byte> value, string? etag, CancellationToken ct);

    /// <summary>Hands an event to the broker. That it was taken does not mean that it is delivered.</summary>
    /// <exception cref="SidecarException">Perhaps it was not taken.</exception>
    Task Publish(Event message, CancellationToken ct);
}

/// <summary>Bytes under a key and the ETag they had.</summary>
public readonly record struct Stored(ReadOnlyMemory<byte> Value, string ETag);

/// <summary>The runtime did not do what it was asked to, or nobody knows whether it did.</summary>
public sealed class SidecarException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Too many write to the same thing, or the store is away: nothing is known to have changed; try again.</summary>
public sealed class TryAgainException(string message, Exception? inner = null) : Exception(message, inner);
