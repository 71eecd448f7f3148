using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.Resources;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Outbox;

/// <summary>Passes the events of one store's committed transactions on to their topic, from the sidecar's own one.</summary>
sealed class OutboxRelay(AppSidecar sidecar, Loaded store, OutboxSettings settings, ILogger log)
{
    /// <summary>A transaction has at least so long to be committed.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(0.5);
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(3);
    const int WaitGrowth = 3;

    readonly Publisher _publisher = new(sidecar);
    IAsyncDisposable? _subscription;

    string AppId => sidecar.Options.AppId;

    /// <summary>For every store that has an outbox.</summary>
    public static void Map(AppSidecar sidecar)
    {
        var log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Outbox");
        foreach (var store in sidecar.Components.StateStores.Values)
        {
            if (OutboxSettings.Of(store.Properties) is { } settings)
                new OutboxRelay(sidecar, store, settings, log).Hook(sidecar.Lifecycle);
            else if (OutboxSettings.MissingField(store.Properties) is { } field)
                Sidecar.Log.Resource(log, sidecar.Options.AppId, new ResourceFault(store.Spec.File,
                    $"Component {store.Spec.LogName}", $"spec.metadata.{field}", "missing: no outbox").ToString());
        }
    }

    void Hook(SidecarLifecycle lifecycle)
    {
        lifecycle.OnAppHealth((change, ct) => change.IsHealthy ? SubscribeAsync(ct) : Task.CompletedTask);
        lifecycle.OnDraining(ct => UnsubscribeAsync().WaitAsync(ct));
        lifecycle.OnClosing(UnsubscribeAsync);
    }

    // What fails here is tried again when the app is healthy once more, as in daprd.
    async Task SubscribeAsync(CancellationToken ct)
    {
        if (_subscription is not null) return;
        var (pubSub, topic) = (settings.InternalPubSub, settings.InternalTopic(sidecar.Options));
        if (!sidecar.Components.PubSubs.TryGetValue(pubSub, out var loaded))
        {
            OutboxLog.NotSubscribed(log, AppId, store.Spec.Name, topic, pubSub, "there is no such component");
            return;
        }

        try
        {
            _subscription = await ((IPubSub)loaded.Instance).SubscribeAsync(
                new(_publisher.BrokerTopic(loaded, topic), StateRequest.NoMetadata, HandleAsync), ct);
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            OutboxLog.NotSubscribed(log, AppId, store.Spec.Name, topic, pubSub, error.Message);
        }
    }

    async Task UnsubscribeAsync()
    {
        if (Interlocked.Exchange(ref _subscription, null) is { } subscription) await subscription.DisposeAsync();
    }

    async Task<bool> HandleAsync(BrokerMessage message, CancellationToken ct)
    {
        try
        {
            return await PassOnAsync(message, ct) is not { } fault || Failed(fault);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // One message must not end the broker's loop, and must not count as done either.
            return Failed(error.Message);
        }
    }

    bool Failed(string fault)
    {
        OutboxLog.NotPassedOn(log, AppId, store.Spec.Name, fault);
        return false;
    }

    async Task<string?> PassOnAsync(BrokerMessage message, CancellationToken ct)
    {
        var members = EventJson.ReadMembers(new GoReader(message.Data.Span).Rewrite(JsonStyle.Go));
        var marker = members.TryGetValue("id", out var id) ? EventJson.TextOrEmpty(id) : "";
        await CommittedAsync(marker, ct);
        members["topic"] = EventJson.Quote(settings.Topic);
        members["pubsubname"] = EventJson.Quote(settings.PubSub);
        if (!sidecar.Components.PubSubs.ContainsKey(settings.PubSub)) return $"pubsub '{settings.PubSub}' not found";
        var passedOn = new BrokerMessage(
            settings.Topic, EventJson.Write(members), CloudEvent.ContentType, StateRequest.NoMetadata);
        if (await _publisher.SendAsync(settings.PubSub, passedOn, ct) is { } error) return error.Message;
        await ((IStateStore)store.Instance).DeleteAsync(
            new(marker, null, StateConcurrency.Unspecified, StateRequest.NoMetadata), ct);
        return null;
    }

    // For a transaction that failed this never ends, and the broker keeps the message in flight: so it is in daprd,
    // which means to give up after ten seconds, and instead asks from then on without a pause.
    async Task CommittedAsync(string marker, CancellationToken ct)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(sidecar.Lifecycle.Stopping, ct);
        await Task.Delay(Grace, sidecar.Host.Time, waiting.Token);
        for (var wait = FirstWait; !await IsThereAsync(marker, waiting.Token);)
        {
            await Task.Delay(wait, sidecar.Host.Time, waiting.Token);
            wait = wait * WaitGrowth < WaitMax ? wait * WaitGrowth : WaitMax;
        }
    }

    async Task<bool> IsThereAsync(string marker, CancellationToken ct)
    {
        try
        {
            return await ((IStateStore)store.Instance).GetAsync(marker, ct) is not null;
        }
        catch (StateStoreException)
        {
            // A store that is away may come back, and the marker be there.
            return false;
        }
    }
}
