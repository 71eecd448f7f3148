using Microsoft.Extensions.Primitives;
using Ticketing.Sidecar.Invocation;

namespace Ticketing.Sidecar.Actors;

/// <summary><c>/v1.0/actors/{type}/{id}/method/{method}</c></summary>
sealed class ActorMethods(AppSidecar sidecar, ActorRouter router)
{
    public void Map(RouteTable routes) =>
        routes.Map("GET POST PUT DELETE", "/v1.0/actors/{type}/{id}/method/{method}", InvokeAsync);

    async Task InvokeAsync(HttpContext http, string[] values)
    {
        var actor = new ActorId(values[0], values[1]);
        if (Fault(actor, values[2]) is { } fault)
        {
            await http.WriteErrorAsync(ActorAnswers.BadRequest(fault));
            return;
        }

        try
        {
            var limit = sidecar.Options.MaxBodyBytes;
            if (http.Request.ContentLength > limit) throw new ActorException($"the body is longer than {limit} bytes");
            var body = await http.ReadBodyAsync(limit);
            var query = http.Request.QueryString.Value ?? "";
            var call = new ActorCall(Target.MethodOf(values[2]), query, Headers(http), body, http.Request.ContentType);
            await WriteAsync(http, await router.Invoke(actor, call, http.RequestAborted));
        }
        catch (ActorException e)
        {
            await http.WriteErrorAsync(ActorAnswers.Invoke(e.Message));
        }
        catch (BodyTooLargeException e)
        {
            await http.WriteErrorAsync(ActorAnswers.BadRequest($"failed to read body: {e.Message}"));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has closed the connection.
        }
    }

    static string? Fault(ActorId actor, string method) =>
        DaprName.Fault(actor.Type) is { } type ? $"invalid actorType: {type}"
        : DaprName.Fault(actor.Id) is { } id ? $"invalid actorId: {id}"
        : DaprName.MethodFault(method);

    static List<KeyValuePair<string, StringValues>> Headers(HttpContext http)
    {
        var connection = http.Request.Headers.Connection;
        var headers = new List<KeyValuePair<string, StringValues>>(http.Request.Headers.Count + 4);
        foreach (var header in http.Request.Headers)
        {
            if (ForwardedHeaders.Passes(header.Key) && !ForwardedHeaders.IsNamedBy(connection, header.Key))
                headers.Add(header);
        }

        if (http.Request.Headers.TraceParent.Count == 0) headers.Add(new("traceparent", Tracing.None));
        headers.Add(new("dapr-api-call", "true"));
        return headers;
    }

    static async Task WriteAsync(HttpContext http, ActorReply reply)
    {
        if (reply is { CancelsReminder: true, IsFault: false }) throw new ActorException("reminder has been canceled");
        foreach (var (name, value) in reply.Headers)
            if (!http.Response.Headers.ContainsKey(name)) http.Response.Headers[name] = value;
        http.Response.ContentType = reply.ContentType ?? "application/json";
        http.Response.ContentLength = reply.Body.Length;
        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }
}
