using Polly.Timeout;

namespace Ticketing.Sidecar.PubSub;

/// <summary>Delivers an event to the app, under the component's inbound policy.</summary>
sealed class EventDelivery(AppSidecar sidecar, TopicSubscription subscription, SubscriptionFlow flow, ILogger log)
{
    readonly AppDelivery _app = new(sidecar);
    readonly Policy _policy = sidecar.Policies.Inbound(subscription.PubSub);

    /// <exception cref="OperationCanceledException">Cancelled: the app may have handled it.</exception>
    public async Task<AppAnswer> DeliverAsync(IncomingEvent incoming, string path, CancellationToken ct)
    {
        try
        {
            return await _policy.Run(
                (attempt, attemptCt) => AttemptAsync(incoming, path, attempt, attemptCt),
                answer => answer.Verdict, null, ct);
        }
        catch (TimeoutRejectedException error)
        {
            return new(AnswerKind.Failed, error.Message);
        }
    }

    async Task<AppAnswer> AttemptAsync(IncomingEvent incoming, string path, int attempt, CancellationToken ct)
    {
        var start = flow.Start();
        AppAnswer answer;
        try
        {
            answer = ChaosDecisions.Of(sidecar.Host)?.FailsAttempt() == true
                ? new(AnswerKind.Failed, "chaos")
                : await _app.SendAsync(incoming, subscription.PubSub, path, ct);
        }
        catch (HttpRequestException error)
        {
            answer = new(AnswerKind.Failed, error.Message);
        }
        catch (OperationCanceledException)
        {
            flow.Report(FlowKind.Failed, incoming, attempt, "cut off", start);
            throw;
        }

        if (answer.Kind == AnswerKind.Failed)
            PubSubLog.AttemptFailed(
                log, sidecar.Options.AppId, attempt, incoming.Id, subscription.Topic, answer.Outcome);
        flow.Report(answer, incoming, attempt, start);
        return answer;
    }
}
