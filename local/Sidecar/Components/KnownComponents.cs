using Ticketing.Sidecar.Secrets;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Components;

/// <summary>Every component type in this assembly; each kind lists its own.</summary>
public static class KnownComponents
{
    public static ComponentRegistry Registry { get; } = new(
    [
        LocalFileSecretStore.Type,
        LocalEnvSecretStore.Type,
        InMemoryStateStore.Type,
    ]);
}
