using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Outbox;

/// <summary>Where the events of a state store's transactions go, as its metadata says.</summary>
/// <param name="InternalPubSub">Where an event waits until its transaction is known to be committed.</param>
sealed record OutboxSettings(string PubSub, string Topic, string InternalPubSub)
{
    /// <remarks>The last is taken and changes nothing: daprd never gets as far as asking it.</remarks>
    public static readonly IReadOnlyList<string> Fields =
        ["outboxPublishPubsub", "outboxPublishTopic", "outboxPubsub", "outboxDiscardWhenMissingState"];

    /// <summary>Null when the store has no outbox: half of one is none.</summary>
    public static OutboxSettings? Of(ComponentProperties store) =>
        store.Text("outboxPublishPubsub", "") is { Length: > 0 } pubSub
        && store.Text("outboxPublishTopic", "") is { Length: > 0 } topic
            ? new(pubSub, topic, store.Text("outboxPubsub", pubSub))
            : null;

    public string InternalTopic(SidecarOptions options) => $"{options.NamespaceName}{options.AppId}{Topic}outbox";
}
