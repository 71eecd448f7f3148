using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.Http;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Outbox;

/// <summary>
/// Before a transaction: publishes an event for each upsert to a topic of the sidecar's own, and adds a marker for each
/// to what is written. An event whose marker turns up in the store was committed, and goes on to its real topic
/// (<see cref="OutboxRelay"/>).
/// </summary>
sealed class TransactionOutbox(AppSidecar sidecar, Loaded store, OutboxSettings settings)
{
    readonly Publisher _publisher = new(sidecar);
    readonly JsonStyle _style = ((IStateStore)store.Instance).JsonStyle;

    /// <param name="traceParent">"" when the request carries none.</param>
    public async Task<OutboxFate> PublishAsync(
        IReadOnlyList<StateOperation> operations, string traceParent, string traceState, CancellationToken ct)
    {
        if (Projections.TakeFrom(operations, out var projections) is not { } real) return new(null, null);
        var origin = new EventOrigin(sidecar.Options.AppId, traceParent, traceState);
        var toWrite = real.Select(Stored).ToList();
        foreach (var upsert in real.OfType<StateSet>())
        {
            var id = $"outbox-{sidecar.Host.NewId()}";
            var shown = projections.GetValueOrDefault(upsert.Key, upsert);
            var data = OutboxEvent.Write(id, upsert, shown, origin, sidecar.Host.Time.GetLocalNow());
            if (await SendAsync(data, ct) is { } error) return new(null, StateErrors.Outbox(origin.AppId, error));
            toWrite.Add(new StateSet(id, "\"0\""u8.ToArray(), null, StateConcurrency.Unspecified, StateRequest.NoMetadata));
        }

        return new(toWrite, null);
    }

    async Task<string?> SendAsync(byte[] data, CancellationToken ct)
    {
        var pubSub = settings.InternalPubSub;
        if (!sidecar.Components.PubSubs.ContainsKey(pubSub)) return $"pubsub '{pubSub}' not found";
        var message = new BrokerMessage(
            settings.InternalTopic(sidecar.Options), data, CloudEvent.ContentType, StateRequest.NoMetadata);
        return (await _publisher.SendAsync(pubSub, message, ct))?.Cause;
    }

    StateOperation Stored(StateOperation operation) => operation is StateSet { IsJson: true } set
        ? set with { Value = new GoReader(set.Value.Span).Rewrite(_style) }
        : operation;
}

/// <summary>What becomes of a transaction whose events were to be published.</summary>
/// <param name="ToWrite">Null: nothing may be written.</param>
/// <param name="Error">Why; null without <paramref name="ToWrite"/>: daprd breaks the connection, and says nothing.</param>
sealed record OutboxFate(IReadOnlyList<StateOperation>? ToWrite, DaprError? Error)
{
    public bool IsBroken => ToWrite is null && Error is null;
}
