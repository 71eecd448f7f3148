using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Polly.Timeout;

namespace Ticketing.Sidecar.Invocation;

/// <summary>Service invocation: <c>/v1.0/invoke/{app}/method/{path}</c>, and every path that no other API knows with
/// the app named in a header.</summary>
sealed class InvocationApi(AppSidecar sidecar)
{
    readonly AppLocator _apps = new(sidecar);
    readonly Invoker _invoker = new(sidecar);
    readonly ILogger _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Invocation");

    public static void Map(AppSidecar sidecar, RouteTable routes) =>
        routes.MapFallback("/v1.0/invoke/*", new InvocationApi(sidecar).HandleAsync);

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
            using var response = await SendAsync(http, target);
            Report(http, target, start, response.StatusCode.ToString());
            await ResponseRelay.CopyAsync(response, http, _log);
        }
        catch (Exception e) when (e is InvocationException or TimeoutRejectedException)
        {
            Report(http, target, start, e.Message);
            var status = (e as InvocationException)?.Status ?? StatusCodes.Status500InternalServerError;
            await http.WriteErrorAsync(new DaprError(status, StatusCode.Internal, "ERR_DIRECT_INVOKE",
                $"failed to invoke, id: {target.AppId}, err: {e.Message}"));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer any more.
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

    Task<HttpResponseMessage> SendAsync(HttpContext http, Target target)
    {
        var policy = sidecar.Policies.ForApp(target.AppId);
        return policy.IsEmpty
            ? FindAsync(http, target, null, http.RequestAborted)
            : SendUnderAsync(policy, http, target);
    }

    /// <summary>Under a policy every answer outside 200 to 399 is a failure. To be sent again a body is kept; one of
    /// unknown length, or too long, is not, and so is sent once.</summary>
    async Task<HttpResponseMessage> SendUnderAsync(Policy policy, HttpContext http, Target target)
    {
        var limit = sidecar.Options.MaxBodyBytes;
        var isStream = http.Request.ContentLength > limit
            || (http.Request.ContentLength is null && http.Request.Headers.TransferEncoding.Count > 0);
        ReadOnlyMemory<byte>? body = null;
        if (policy.Retry is not null && http.Request.ContentLength <= limit) body = await http.ReadBodyAsync(limit);
        HttpResponseMessage? last = null;
        return await policy.Run(
            async (_, ct) =>
            {
                last?.Dispose();
                last = null;
                return last = await FindAsync(http, target, body, ct);
            },
            response => (int)response.StatusCode is >= 200 and <= 399
                ? Verdict.Success
                : new Verdict(Failed: true, (int)response.StatusCode, IsPermanent: isStream),
            _ => isStream ? Verdict.Permanent : Verdict.Failure,
            http.RequestAborted);
    }

    /// <summary>What the app answers is the answer. Unless a policy names the app, its sidecar is looked for again when
    /// it was gone: nothing was sent then, so that the body can still go on.</summary>
    async Task<HttpResponseMessage> FindAsync(
        HttpContext http, Target target, ReadOnlyMemory<byte>? body, CancellationToken ct)
    {
        try
        {
            return await AttemptAsync(http, target, body, ct);
        }
        catch (InvocationException e) when (e.IsUnavailable && !sidecar.Policies.TargetsApp(target.AppId))
        {
            return await sidecar.Policies.BuiltIn(PolicySet.BuiltInServiceRetries).Run(
                (_, attemptCt) => AttemptAsync(http, target, body, attemptCt),
                _ => Verdict.Success,
                error => error is InvocationException { IsUnavailable: true } ? Verdict.Failure : Verdict.Permanent,
                ct);
        }
    }

    async Task<HttpResponseMessage> AttemptAsync(
        HttpContext http, Target target, ReadOnlyMemory<byte>? body, CancellationToken ct) =>
        await _invoker.Send(await _apps.Find(target.AppId, ct), target, http, body, ct);
}
