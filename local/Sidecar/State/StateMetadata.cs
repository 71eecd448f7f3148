using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.State;

/// <summary>The metadata that the runtime itself reads on every state store.</summary>
static class StateMetadata
{
    public static readonly MetadataSchema Schema = new(["actorStateStore", "keyPrefix"]);
}
