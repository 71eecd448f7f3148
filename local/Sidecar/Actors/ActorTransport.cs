using System.Net;
using Microsoft.Extensions.Primitives;
using Ticketing.Sidecar.Invocation;

namespace Ticketing.Sidecar.Actors;

/// <summary>Calls actors in the app, as Dapr does: always PUT, and only 200 is a success.</summary>
sealed class ActorTransport(AppChannel app, ChaosAnswers chaos)
{
    /// <exception cref="ActorException">The app could not be reached, or answered anything but 200.</exception>
    public async Task<ActorReply> Invoke(ActorId actor, ActorCall call, CancellationToken ct)
    {
        if (chaos.Next()) return new ActorReply([], null, ReadOnlyMemory<byte>.Empty);
        var path = $"actors/{actor.Type}/{actor.Id}/method/{call.Method}";
        using var response = await Send(HttpMethod.Put, path, call, ct);
        if (response.StatusCode == HttpStatusCode.NotFound) throw new ActorException($"actor method not found: {path}");
        var body = await RequireOk(response, ct);
        var headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => ForwardedHeaders.Passes(header.Key))
            .Select(header => KeyValuePair.Create(header.Key, new StringValues([.. header.Value])));
        return new ActorReply([.. headers], ForwardedHeaders.ContentType(response.Content), body);
    }

    /// <exception cref="ActorException">As <see cref="Invoke"/>; Dapr treats the actor as deactivated
    /// anyway.</exception>
    public async Task Deactivate(ActorId actor, CancellationToken ct)
    {
        var call = new ActorCall("", "", [], ReadOnlyMemory<byte>.Empty, "application/x-protobuf");
        using var response = await Send(HttpMethod.Delete, $"actors/{actor.Type}/{actor.Id}", call, ct);
        await RequireOk(response, ct);
    }

    async Task<HttpResponseMessage> Send(HttpMethod verb, string path, ActorCall call, CancellationToken ct)
    {
        if (app.IsClosed) throw new ActorException(AppChannel.Unhealthy);
        var escaped = RequestPath.Escape(path) ?? throw new ActorException(RequestPath.Malformed);
        using var request = app.Request(verb, escaped + call.Query);
        request.Content = new ReadOnlyMemoryContent(call.Body);
        if (call.ContentType is { Length: > 0 } type)
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        foreach (var (name, values) in call.Headers) ForwardedHeaders.Add(request, name, values);
        try
        {
            var response = await app.SendAsync(request, ct);
            await response.Content.LoadIntoBufferAsync(ct);
            return response;
        }
        catch (HttpRequestException e)
        {
            throw new ActorException(e.Message, e);
        }
    }

    static async Task<byte[]> RequireOk(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (response.StatusCode == HttpStatusCode.OK) return body;
        var text = Encoding.UTF8.GetString(body);
        throw new ActorException($"error from actor service: ({(int)response.StatusCode}) {text}");
    }
}
