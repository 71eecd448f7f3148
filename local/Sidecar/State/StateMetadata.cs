namespace Ticketing.Sidecar.State;

/// <summary>The metadata that the runtime itself reads on every state store.</summary>
static class StateMetadata
{
    const string ActorStateStore = "actorStateStore";

    public static readonly MetadataSchema Schema = new([ActorStateStore]);

    public static bool IsActorStore(Loaded store) => store.Properties.Flag(ActorStateStore);

    /// <exception cref="MetadataException">There are two stores for actors.</exception>
    public static void Check(Loaded store, IEnumerable<Loaded> others, SidecarOptions options)
    {
        if (options.HasPlacement && IsActorStore(store) && others.FirstOrDefault(IsActorStore) is { } other)
            throw new MetadataException(
                ActorStateStore, $"detected duplicate actor state store: {other.Spec.Name} and {store.Spec.Name}");
    }
}
