namespace Ticketing.Sidecar.Secrets;

public interface ISecretStore : IComponent
{
    /// <summary>The entries of one secret (one named like it, unless multi-valued).</summary>
    /// <exception cref="SecretException">There is no such secret, or the store failed.</exception>
    Task<IReadOnlyDictionary<string, string>> GetAsync(
        string name, IReadOnlyDictionary<string, string> metadata, CancellationToken ct);

    Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> GetAllAsync(
        IReadOnlyDictionary<string, string> metadata, CancellationToken ct);
}

public sealed class SecretException(string message) : Exception(message);
