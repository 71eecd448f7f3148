namespace Ticketing.Sidecar.PubSub;

/// <summary>Delivers one subscription's messages to the app, and settles, retries or dead-letters them.</summary>
sealed class TopicHandler(
    AppSidecar sidecar, TopicSubscription subscription, Publisher publisher, EventDelivery delivery,
    SubscriptionFlow flow, ILogger log)
{
    /// <summary>The longest wait for the broker when a dead letter is published.</summary>
    static readonly TimeSpan DeadLetterTimeout = TimeSpan.FromSeconds(30);

    bool HasDeadLetters => subscription.DeadLetterTopic.Length > 0;

    /// <summary>True: settled. False: failed after all retries of the sidecar.</summary>
    /// <exception cref="OperationCanceledException">The subscription ends; the message is not settled.</exception>
    public async Task<bool> HandleAsync(BrokerMessage message, CancellationToken ct)
    {
        IncomingEvent incoming;
        string? path;
        try
        {
            incoming = IncomingEvent.Read(message);
            if (incoming.Expires < sidecar.Host.Time.GetUtcNow())
                return await DropAsync(message, incoming, "expired", ct);
            path = subscription.PathFor(incoming);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            PubSubLog.Undeliverable(log, sidecar.Options.AppId, subscription.PubSub, subscription.Topic, error.Message);
            return HasDeadLetters && await DeadLetterAsync(message, null, error.Message, ct);
        }

        // Without a dead-letter topic the rules are a filter: what they leave out is nothing to report.
        if (path is null) return !HasDeadLetters || await DropAsync(message, incoming, "no route", ct);
        return ChaosDecisions.Of(sidecar.Host) is { } chaos
            ? await HandleAsync(message, incoming, path, chaos, ct)
            : await HandleAsync(message, incoming, path, ct);
    }

    async Task<bool> HandleAsync(BrokerMessage message, IncomingEvent incoming, string path, CancellationToken ct)
    {
        var answer = await delivery.DeliverAsync(incoming, path, ct);
        return answer.Kind switch
        {
            AnswerKind.Settled => true,
            AnswerKind.Failed => HasDeadLetters && await DeadLetterAsync(message, incoming, answer.Outcome, ct),
            // A message is dropped only if its dead letter could be published.
            _ => !HasDeadLetters || await DeadLetterAsync(message, incoming, answer.Outcome, ct),
        };
    }

    async Task<bool> HandleAsync(
        BrokerMessage message, IncomingEvent incoming, string path, ChaosDecisions chaos, CancellationToken ct)
    {
        if (chaos.FalselyAcknowledges())
        {
            flow.Report(FlowKind.FalselyAcknowledged, incoming, 0, "chaos");
            return true;
        }

        if (chaos.HoldBack() is { Ticks: > 0 } hold)
        {
            flow.Report(FlowKind.Delayed, incoming, 0, "chaos", hold);
            await Task.Delay(hold, sidecar.Host.Time, ct);
        }

        var settled = await HandleAsync(message, incoming, path, ct);
        if (!settled || !chaos.Repeats()) return settled;
        flow.Report(FlowKind.Duplicated, incoming, 0, "chaos");
        await delivery.DeliverAsync(incoming, path, ct);
        return true;
    }

    /// <summary>No route, or expired: settled, with a dead letter if that can be published.</summary>
    async Task<bool> DropAsync(BrokerMessage message, IncomingEvent incoming, string reason, CancellationToken ct)
    {
        flow.Report(FlowKind.Dropped, incoming, 0, reason);
        if (HasDeadLetters) await DeadLetterAsync(message, incoming, reason, ct);
        return true;
    }

    async Task<bool> DeadLetterAsync(
        BrokerMessage message, IncomingEvent? incoming, string reason, CancellationToken ct)
    {
        var fault = await SendDeadLetterAsync(message with { Topic = subscription.DeadLetterTopic }, ct);
        if (fault is not null)
            PubSubLog.NotDeadLettered(
                log, sidecar.Options.AppId, subscription.Topic, subscription.DeadLetterTopic, fault);
        if (incoming is not null)
            flow.Report(fault is null ? FlowKind.DeadLettered : FlowKind.Failed, incoming, 0, fault ?? reason);
        return fault is null;
    }

    async Task<string?> SendDeadLetterAsync(BrokerMessage message, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(DeadLetterTimeout, sidecar.Host.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return (await publisher.SendAsync(subscription.PubSub, message, both.Token))?.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer from the broker within {DeadLetterTimeout}";
        }
    }
}
