using Microsoft.AspNetCore.Http;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Logs the outcome of each message that reaches a handler, from the sidecar or the dead letters, and stops a message with
/// a word that only newer builds know. (Handlers of the broadcast only show what they get: they show it.)
/// </summary>
sealed class DeliveryWatch(EventLog log, string pubsub, string topic) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (context.Arguments.OfType<IEnvelope>().FirstOrDefault() is not { } message)
            return await next(context);
        var start = log.Start();
        try
        {
            if (pubsub == DaprSidecar.PubSub && IsNewer(message))
                throw new NewerVersionException($"The message {message.Id}");
            var answer = await next(context);
            log.Handled(message, pubsub, topic, answer as Ack, "no answer", start);
            return answer;
        }
        catch (Exception e)
        {
            log.Handled(message, pubsub, topic, null, e.GetType().Name, start);
            throw;
        }
    }

    static bool IsNewer(IEnvelope message) =>
        ContractsJson.Default.GetTypeInfo(message.GetType()) is { } type && UnknownWords.AreIn(message, type);
}
