using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Sidecar.Invocation;

/// <summary>Service invocation: <c>/v1.0/invoke/{app}/method/{path}</c>, and every path that no other API knows with
/// the app named in a header.</summary>
sealed class InvocationApi(AppSidecar sidecar)
{
    readonly AppLocator _apps = new(sidecar);
    readonly Invoker _invoker = new(sidecar);
    readonly ILogger _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Invocation");

    public static void Map(AppSidecar sidecar, RouteTable routes) =>
        routes.Fallback = new InvocationApi(sidecar).HandleAsync;

    async Task HandleAsync(HttpContext http, string[] values)
    {
        var rawTarget = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (Target.Of(rawTarget, http.Request.Headers) is not { } target)
        {
            await http.WriteErrorAsync(DaprErrors.NoAppId);
            return;
        }

        var start = sidecar.Host.Time.GetTimestamp();
        try
        {
            using var response = await FindAsync(http, target, http.RequestAborted);
            Report(http, target, start, response.StatusCode.ToString());
            await ResponseRelay.CopyAsync(response, http, _log);
        }
        catch (InvocationException e)
        {
            Report(http, target, start, e.Message);
            await http.WriteErrorAsync(new DaprError(e.Status, StatusCode.Internal, "ERR_DIRECT_INVOKE",
                $"failed to invoke, id: {target.AppId}, err: {e.Message}"));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has closed the connection.
        }
    }

    void Report(HttpContext http, Target target, long start, string outcome)
    {
        var time = sidecar.Host.Time;
        sidecar.Host.Flow.Report(new(
            time.GetUtcNow(), FlowKind.Invoked, sidecar.Options.AppId, "", target.AppId, "", http.Request.Method,
            target.Method, 1, outcome, time.GetElapsedTime(start).TotalMilliseconds,
            http.Request.Headers.TraceParent.ToString()));
    }

    /// <summary>Forwards the app's response. If its sidecar was gone, looks it up again: nothing was sent, so the body
    /// is still unread.</summary>
    Task<HttpResponseMessage> FindAsync(HttpContext http, Target target, CancellationToken ct) =>
        sidecar.Policies.ServiceRetries.Run(
            async (_, attemptCt) =>
                await _invoker.Send(await _apps.Find(target.AppId, attemptCt), target, http, attemptCt),
            _ => Verdict.Success,
            error => error is InvocationException { IsUnavailable: true } ? Verdict.Failure : Verdict.Permanent,
            ct);
}
