using Microsoft.AspNetCore.Http;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>Logs the outcome of each message that reaches a handler, from the sidecar or the dead letters.</summary>
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
}
