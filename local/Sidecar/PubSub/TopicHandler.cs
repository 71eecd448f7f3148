using System.Text.Json;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Takes one subscription's messages from the broker to the app, and decides what becomes of them.</summary>
sealed class TopicHandler(AppSidecar sidecar, TopicSubscription subscription, Publisher publisher, ILogger log)
{
    /// <summary>A dead letter is worth this long a wait for the broker.</summary>
    static readonly TimeSpan DeadLetterTimeout = TimeSpan.FromSeconds(30);

    readonly AppDelivery _app = new(sidecar);
    readonly Policy _policy = sidecar.Policies.Inbound(subscription.PubSub, ComponentKind.Pubsub);

    TimeProvider Time => sidecar.Host.Time;

    /// <summary>True: settled. False: it failed for good, as far as the sidecar is concerned.</summary>
    /// <exception cref="OperationCanceledException">The subscription ends; nothing is decided about the
    /// message.</exception>
    public async Task<bool> HandleAsync(BrokerMessage message, CancellationToken ct)
    {
        IncomingEvent incoming;
        string? path;
        try
        {
            incoming = Read(message);
            if (incoming.Expires < Time.GetUtcNow()) return await DropAsync(message, incoming, "expired", ct);
            path = subscription.PathFor(incoming);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            PubSubLog.Undeliverable(log, sidecar.Options.AppId, subscription.PubSub, subscription.Topic, error.Message);
            return await FailAsync(message, null, error.Message, ct);
        }

        if (path is null) return await DropAsync(message, incoming, "no route", ct);
        if (ChaosDice.Of(sidecar.Host) is not { } chaos) return await DeliverAsync(message, incoming, path, ct);
        return await DeliverAsync(message, incoming, path, chaos, ct);
    }

    IncomingEvent Read(BrokerMessage message)
    {
        if (!Publisher.TryReadRaw(subscription.Metadata, out var isRaw))
            throw new FormatException($"rawPayload value must be a valid boolean: actual is '{subscription.Metadata["rawPayload"]}'");
        return isRaw
            ? IncomingEvent.Wrap(message, subscription.Topic, subscription.PubSub, sidecar.Host.NewId())
            : IncomingEvent.Read(message);
    }

    async Task<bool> DeliverAsync(BrokerMessage message, IncomingEvent incoming, string path, CancellationToken ct)
    {
        AppAnswer answer;
        try
        {
            answer = _policy.IsEmpty
                ? await AttemptAsync(incoming, path, 1, ct)
                : await _policy.Run((attempt, attemptCt) => AttemptAsync(incoming, path, attempt, attemptCt),
                    result => result.Verdict, null, ct);
        }
        catch (Exception error) when (error is AttemptTimeoutException or BreakerOpenException)
        {
            answer = new(AnswerKind.Failed, Outcome: error.Message);
        }

        return answer.Kind switch
        {
            AnswerKind.Settled => true,
            AnswerKind.Failed => await FailAsync(message, incoming, answer.Outcome, ct),
            // A drop whose dead letter cannot be written is not dropped.
            _ => subscription.DeadLetterTopic.Length == 0 || await DeadLetterAsync(message, incoming, answer.Outcome, ct),
        };
    }

    async Task<bool> DeliverAsync(BrokerMessage message, IncomingEvent incoming, string path, ChaosDice chaos, CancellationToken ct)
    {
        if (chaos.LiesAboutDelivery())
        {
            Report(FlowKind.FalselyAcknowledged, incoming, 0, "chaos", 0);
            return true;
        }

        if (chaos.HoldBack() is { Ticks: > 0 } hold)
        {
            Report(FlowKind.Delayed, incoming, 0, "chaos", hold.TotalMilliseconds);
            await Task.Delay(hold, Time, ct);
        }

        var settled = await DeliverAsync(message, incoming, path, ct);
        if (!settled || !chaos.Repeats()) return settled;
        Report(FlowKind.Duplicated, incoming, 0, "chaos", 0);
        await AttemptAsync(incoming, path, 1, ct);
        return true;
    }

    async Task<AppAnswer> AttemptAsync(IncomingEvent incoming, string path, int attempt, CancellationToken ct)
    {
        var start = Time.GetTimestamp();
        AppAnswer answer;
        try
        {
            answer = ChaosDice.Of(sidecar.Host)?.FailsAttempt() == true
                ? new(AnswerKind.Failed, Outcome: "chaos")
                : await _app.SendAsync(incoming, subscription.PubSub, path, ct);
        }
        catch (HttpRequestException error)
        {
            answer = new(AnswerKind.Failed, Outcome: error.Message);
        }
        catch (OperationCanceledException)
        {
            Report(FlowKind.Failed, incoming, attempt, "cut off", Since(start));
            throw;
        }

        var kind = answer.Kind switch
        {
            AnswerKind.Settled => FlowKind.Settled,
            AnswerKind.Dropped => FlowKind.Dropped,
            _ => FlowKind.Failed,
        };
        if (kind == FlowKind.Failed)
            PubSubLog.AttemptFailed(log, sidecar.Options.AppId, attempt, incoming.Id, subscription.Topic, answer.Outcome);
        Report(kind, incoming, attempt, answer.Outcome, Since(start));
        return answer;
    }

    /// <summary>Nobody wants it: settled, with a copy for the dead letters, come of that what may.</summary>
    async Task<bool> DropAsync(BrokerMessage message, IncomingEvent incoming, string reason, CancellationToken ct)
    {
        Report(FlowKind.Dropped, incoming, 0, reason, 0);
        if (subscription.DeadLetterTopic.Length > 0) await DeadLetterAsync(message, incoming, reason, ct);
        return true;
    }

    async Task<bool> FailAsync(BrokerMessage message, IncomingEvent? incoming, string reason, CancellationToken ct) =>
        subscription.DeadLetterTopic.Length > 0 && await DeadLetterAsync(message, incoming, reason, ct);

    async Task<bool> DeadLetterAsync(BrokerMessage message, IncomingEvent? incoming, string reason, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(DeadLetterTimeout, Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        string? fault;
        try
        {
            fault = (await publisher.SendAsync(
                subscription.PubSub, message with { Topic = subscription.DeadLetterTopic }, both.Token))?.Message;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            fault = $"no answer from the broker within {DeadLetterTimeout}";
        }

        if (fault is not null) PubSubLog.NotDeadLettered(log, sidecar.Options.AppId, subscription.Topic, subscription.DeadLetterTopic, fault);
        if (incoming is not null) Report(fault is null ? FlowKind.DeadLettered : FlowKind.Failed, incoming, 0, fault ?? reason, 0);
        return fault is null;
    }

    double Since(long start) => Time.GetElapsedTime(start).TotalMilliseconds;

    void Report(FlowKind kind, IncomingEvent incoming, int attempt, string outcome, double milliseconds) =>
        sidecar.Host.Flow.Report(new(
            Time.GetUtcNow(), kind, sidecar.Options.AppId, subscription.PubSub, subscription.Topic, incoming.Id, incoming.Type,
            incoming.Subject, attempt, outcome, milliseconds, incoming.TraceParent ?? ""));
}
