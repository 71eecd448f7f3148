using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Outbox;

/// <summary>Where the events of a state store's transactions go, as its metadata says.</summary>
/// <param name="InternalPubSub">Where an event waits until its transaction is known to be committed.</param>
sealed record OutboxSettings(string PubSub, string Topic, string InternalPubSub)
{
    const string PubSubField = "outboxPublishPubsub";
    const string TopicField = "outboxPublishTopic";

    /// <remarks>The last is taken and changes nothing: daprd never gets as far as asking it.</remarks>
    public static readonly IReadOnlyList<string> Fields =
        [PubSubField, TopicField, "outboxPubsub", "outboxDiscardWhenMissingState"];

    /// <summary>Null when the store has no outbox: half of one is none.</summary>
    public static OutboxSettings? Of(ComponentProperties store) =>
        store.Text(PubSubField, "") is { Length: > 0 } pubSub && store.Text(TopicField, "") is { Length: > 0 } topic
            ? new(pubSub, topic, store.Text("outboxPubsub", pubSub))
            : null;

    /// <summary>Which of the two that make an outbox is there without the other; null: none.</summary>
    public static string? MissingField(ComponentProperties store) =>
        (store.Text(PubSubField, "").Length > 0, store.Text(TopicField, "").Length > 0) switch
        {
            (true, false) => TopicField,
            (false, true) => PubSubField,
            _ => null,
        };

    public string InternalTopic(SidecarOptions options) => $"{options.NamespaceName}{options.AppId}{Topic}outbox";
}
