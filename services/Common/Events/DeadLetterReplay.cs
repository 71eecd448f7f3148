using System.Text;
using System.Text.Json;
using Dapr;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>Calls the handler of a dead letter's topic in this process, as the sidecar would.</summary>
sealed class DeadLetterReplay(EndpointDataSource endpoints, IServiceScopeFactory scopes)
{
    /// <returns>Null if it was handled, else the reason why not.</returns>
    /// <exception cref="TryAgainException">The store is away: the same message may succeed later. (A message that only a
    /// newer build can read would only go round: it is kept.)</exception>
    /// <exception cref="SidecarException">Likewise.</exception>
    public async Task<string?> Apply(string pubsub, string topic, string cloudEvent, CancellationToken ct)
    {
        // The reader of dead letters calls this: a letter that names its topic would recurse without end.
        var handler = topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal) ? null
            : endpoints.Endpoints.FirstOrDefault(endpoint => endpoint.Metadata
                .GetOrderedMetadata<ITopicMetadata>().Any(meta => meta.PubsubName == pubsub && meta.Name == topic));
        if (handler?.RequestDelegate is not { } handle)
            return $"Nobody here handles {topic} of {pubsub}.";
        await using var scope = scopes.CreateAsyncScope();
        var context = Request(cloudEvent, scope.ServiceProvider, ct);
        context.SetEndpoint(handler);
        try
        {
            await handle(context);
        }
#pragma warning disable CA1031 // Stored with the message for an operator; temporary faults are thrown to the runtime.
        catch (Exception e) when (e is NewerVersionException or not (TryAgainException or SidecarException or OperationCanceledException))
#pragma warning restore CA1031
        {
            return $"{e.GetType().Name}: {(e.InnerException ?? e).Message}";
        }
        return Verdict(context.Response);
    }

    static DefaultHttpContext Request(string body, IServiceProvider services, CancellationToken ct)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var context = new DefaultHttpContext { RequestServices = services, RequestAborted = ct };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new HasBody());
        context.Request.Method = HttpMethods.Post;
        context.Request.ContentType = "application/cloudevents+json";
        context.Request.ContentLength = bytes.Length;
        context.Request.Body = new MemoryStream(bytes);
        context.Response.Body = new MemoryStream();
        return context;
    }

    sealed class HasBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => true;
    }

    static string? Verdict(HttpResponse response)
    {
        if (response.StatusCode != StatusCodes.Status200OK)
            return $"The handler answered {response.StatusCode}.";
        response.Body.Position = 0;
        var ack = response.Body.Length == 0 ? null : JsonSerializer.Deserialize(response.Body, AckJson.Default.Ack);
        return ack is null || ack.Status == Ack.Applied.Status ? null : $"The handler answered {ack.Status}.";
    }
}
