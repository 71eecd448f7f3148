using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Sidecar.Invocation;

/// <summary>One attempt to call an app: does the work of both sidecars, the caller's and the app's, without a network
/// hop, since both are in this process.</summary>
sealed class Invoker(AppSidecar caller)
{
    static readonly string Machine = Environment.MachineName;
    static readonly string Forwarded = $"for={AppChannel.Address};by={AppChannel.Address};host={Machine}";

    readonly ChaosAnswers _chaos = ChaosAnswers.Of(caller.Host);

    /// <summary>Returns when the response headers have arrived, before the body.</summary>
    /// <exception cref="InvocationException">The app could not be reached, or may not be called.</exception>
    public async Task<HttpResponseMessage> Send(
        AppSidecar callee, Target target, HttpContext http, CancellationToken ct)
    {
        var isSelf = callee == caller;
        if (DaprName.MethodFault(target.Method) is { } fault)
            throw InvocationException.Remote("InvalidArgument", $"invalid method: {fault}");
        if (!isSelf) CheckAccess(callee, target, http.Request.Method);
        if (!callee.App.Exists)
        {
            throw isSelf
                ? new InvocationException("cannot invoke local endpoint: app channel not initialized")
                : Remote("app channel is not initialized");
        }

        if (callee.App.IsClosed) throw Failed(AppChannel.Unhealthy, isSelf);
        var path = RequestPath.Escape(target.Method) ?? throw Failed(RequestPath.Malformed, isSelf);
        if (_chaos.Next()) return ChaosAnswers.Answer();
        var verb = new HttpMethod(http.Request.Method);
        using var request = callee.App.Request(verb, path + http.Request.QueryString.Value);
        SetContent(request, http, caller.Options.MaxBodyBytes);
        CopyHeaders(http.Request.Headers, request);
        if (!isSelf) Introduce(request, callee.Options.AppId);
        return await Send(callee, request, isSelf, ct);
    }

    static async Task<HttpResponseMessage> Send(
        AppSidecar callee, HttpRequestMessage request, bool isSelf, CancellationToken ct)
    {
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, callee.Lifecycle.Killed);
            return await callee.App.SendAsync(request, both.Token);
        }
        catch (HttpRequestException e)
        {
            throw Failed(e.InnerException is BodyTooLargeException tooLarge ? tooLarge.Message : e.Message, isSelf, e);
        }
        catch (ObjectDisposedException)
        {
            throw InvocationException.Unavailable(callee.Options.AppId);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The app may have handled the request, but its sidecar ended before the response.
            throw InvocationException.Remote("Unavailable", "error reading from server: EOF");
        }
    }

    static InvocationException Failed(string reason, bool isSelf, Exception? inner = null) =>
        isSelf ? new InvocationException(reason, inner: inner) : Remote($"error invoking app channel: {reason}", inner);

    static InvocationException Remote(string message, Exception? inner = null) =>
        InvocationException.Remote("Internal", message, inner: inner);

    static void CheckAccess(AppSidecar callee, Target target, string verb)
    {
        if (callee.Resources.Configuration.DefaultAction is not { } action) return;
        if (action.Equals("allow", StringComparison.OrdinalIgnoreCase)) return;
        var denial = $"access control policy has denied access to id:  operation: {target.Method} verb: {verb}";
        throw InvocationException.Remote("PermissionDenied", denial, StatusCodes.Status403Forbidden);
    }

    static void SetContent(HttpRequestMessage request, HttpContext http, long limit)
    {
        var hasBody = http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? false;
        if (hasBody) request.Content = new RequestBody(http.Request, limit);
        if (http.Request.ContentType is not { } type) return;
        request.Content ??= new ReadOnlyMemoryContent(default);
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    }

    static void CopyHeaders(IHeaderDictionary headers, HttpRequestMessage request)
    {
        var connection = headers.Connection;
        foreach (var (name, values) in headers)
        {
            if (!ForwardedHeaders.Passes(name)) continue;
            if (connection.Count > 0 && ForwardedHeaders.IsNamedBy(connection, name)) continue;
            ForwardedHeaders.Add(request, name, values);
        }

        if (headers.TraceParent.Count == 0) request.Headers.TryAddWithoutValidation("traceparent", Tracing.None);
    }

    void Introduce(HttpRequestMessage request, string calleeId)
    {
        var headers = request.Headers;
        headers.TryAddWithoutValidation("dapr-caller-app-id", caller.Options.AppId);
        headers.TryAddWithoutValidation("dapr-caller-namespace", SidecarOptions.Namespace);
        headers.TryAddWithoutValidation("dapr-callee-app-id", calleeId);
        headers.TryAddWithoutValidation("X-Forwarded-For", AppChannel.Address);
        headers.TryAddWithoutValidation("X-Forwarded-Host", Machine);
        headers.TryAddWithoutValidation("Forwarded", Forwarded);
    }
}
