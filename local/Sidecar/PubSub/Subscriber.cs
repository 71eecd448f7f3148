namespace Ticketing.Sidecar.PubSub;

/// <summary>Subscribes while the app is healthy, and unsubscribes while it is not.</summary>
sealed class Subscriber(AppSidecar sidecar, Publisher publisher, ILogger log) : IAsyncDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5), PauseMax = TimeSpan.FromSeconds(10);
    const double PauseGrowth = 1.5;

    readonly Lock _gate = new();
    readonly List<IAsyncDisposable> _running = [];
    IReadOnlyList<TopicSubscription>? _subscriptions;
    CancellationTokenSource _stop = new();

    public IReadOnlyList<SubscriptionInfo> Infos =>
        [.. (_subscriptions ?? []).Select(subscription => subscription.ToInfo())];

    /// <summary>Without those that are refused, or that the broker has not taken yet.</summary>
    public int ActiveCount
    {
        get
        {
            lock (_gate) return _running.Count;
        }
    }

    public void Hook(SidecarLifecycle lifecycle)
    {
        lifecycle.OnAppHealth(ChangeAsync);
        lifecycle.OnDraining(DrainAsync);
        lifecycle.OnClosing(() => DisposeAsync().AsTask());
    }

    async Task ChangeAsync(AppHealthChange change, CancellationToken ct)
    {
        // Messages being handled by an unhealthy app return to the broker at once, for another replica or a later
        // delivery.
        if (!change.IsHealthy) await StopAsync(cutOff: true);
        else if (sidecar.App.Exists && sidecar.Components.PubSubs.Count > 0) await StartAsync(ct);
    }

    async Task StartAsync(CancellationToken ct)
    {
        // Nothing, unless an earlier call was cancelled in the middle.
        await StopAsync(cutOff: true);
        // daprd asks once. An app that ended before it could answer would get no events until its sidecar ends too;
        // here the exception has it asked again.
        _subscriptions ??= await SubscriptionDiscovery.AskAsync(sidecar, log, ct);
        CancellationToken stop;
        lock (_gate) stop = _stop.Token;
        foreach (var subscription in _subscriptions)
        {
            if (!sidecar.Components.PubSubs.ContainsKey(subscription.PubSub))
                PubSubLog.SubscriptionRefused(
                    log, subscription.PubSub, subscription.Topic, "there is no such component");
            else if (!publisher.MaySubscribe(subscription.PubSub, subscription.Topic))
                PubSubLog.SubscriptionRefused(log, subscription.PubSub, subscription.Topic,
                    $"subscription to topic '{subscription.Topic}' on pubsub '{subscription.PubSub}' is not allowed");
            else
                await SubscribeAsync(subscription, stop);
        }

        PubSubLog.Subscribed(
            log, sidecar.Options.AppId, string.Join(", ", _subscriptions.Select(s => $"{s.PubSub}/{s.Topic}")));
    }

    // Waits for the first attempt, so that the start ends subscribed; if the broker is down, retries in the background.
    async Task SubscribeAsync(TopicSubscription subscription, CancellationToken stop)
    {
        if (!await TrySubscribeAsync(subscription, stop)) _ = KeepTryingAsync(subscription, stop);
    }

    async Task KeepTryingAsync(TopicSubscription subscription, CancellationToken stop)
    {
        try
        {
            var pause = FirstPause;
            do
            {
                await Task.Delay(pause, sidecar.Host.Time, stop);
                pause = pause * PauseGrowth < PauseMax ? pause * PauseGrowth : PauseMax;
            }
            while (!await TrySubscribeAsync(subscription, stop));
        }
        catch (OperationCanceledException)
        {
            // The subscription has ended.
        }
    }

    async Task<bool> TrySubscribeAsync(TopicSubscription subscription, CancellationToken stop)
    {
        var loaded = sidecar.Components.PubSubs[subscription.PubSub];
        var handler = Handler(subscription, stop);
        try
        {
            var running = await ((IPubSub)loaded.Instance).SubscribeAsync(new(subscription.Topic, handler), stop);
            lock (_gate)
            {
                if (!stop.IsCancellationRequested)
                {
                    _running.Add(running);
                    return true;
                }
            }

            await running.DisposeAsync();
            return true;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            PubSubLog.SubscribeFailed(
                log, sidecar.Options.AppId, subscription.PubSub, subscription.Topic, error.Message);
            return false;
        }
    }

    Func<BrokerMessage, CancellationToken, Task<bool>> Handler(TopicSubscription subscription, CancellationToken stop)
    {
        var flow = new SubscriptionFlow(sidecar, subscription);
        var delivery = new EventDelivery(sidecar, subscription, flow, log);
        var topic = new TopicHandler(sidecar, subscription, publisher, delivery, flow, log);
        return async (message, ct) =>
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, ct);
            try
            {
                return await topic.HandleAsync(message, both.Token);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // An exception must not end the broker's loop, and the message must not count as settled.
                PubSubLog.HandlerBroke(log, error, sidecar.Options.AppId, subscription.Topic);
                return false;
            }
        };
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(cutOff: true);
        _stop.Dispose();
    }

    async Task DrainAsync(CancellationToken ct)
    {
        CancellationTokenSource stop;
        lock (_gate) stop = _stop;
        using var outOfTime = ct.Register(stop.Cancel);
        await StopAsync(cutOff: false);
    }

    /// <param name="cutOff">Running handlers are cancelled; otherwise they are awaited.</param>
    async Task StopAsync(bool cutOff)
    {
        List<IAsyncDisposable> running;
        CancellationTokenSource stop;
        lock (_gate)
        {
            (running, stop) = ([.. _running], _stop);
            _running.Clear();
            _stop = new CancellationTokenSource();
        }

        if (cutOff) await stop.CancelAsync();
        await Task.WhenAll(running.Select(subscription => subscription.DisposeAsync().AsTask()));
        await stop.CancelAsync();
    }
}
