using System.Net;

namespace Ticketing.Sidecar;

/// <summary>Calls the app, with the app's token.</summary>
public sealed class AppChannel : IDisposable
{
    /// <summary>The app's address.</summary>
    public const string Address = "127.0.0.1";

    const string TokenHeader = "dapr-api-token";

    static readonly TimeSpan AskMax = TimeSpan.FromSeconds(10);

    /// <summary>The error of calls while <see cref="IsClosed"/>.</summary>
    public const string Unhealthy = "app is not in a healthy state";

    static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    readonly SidecarOptions _options;
    readonly TimeProvider _time;
    readonly HttpMessageInvoker _http;

    public AppChannel(SidecarOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        });
        BaseAddress = new Uri($"http://{Address}:{options.AppPort ?? 0}/");
    }

    /// <summary>False: started without an app port, there is no app to call.</summary>
    public bool Exists => _options.AppPort is not null;

    public Uri BaseAddress { get; }

    /// <summary>The result of the health checks; true without them.</summary>
    public bool IsHealthy { get; internal set; }

    /// <summary>True while the health check fails: nothing is sent. Without a check, calls to a stopped app are tried
    /// and fail.</summary>
    public bool IsClosed => _options.AppHealthCheck is not null && !IsHealthy;

    /// <summary>A request to the app; the path is used as it is, escapes included.</summary>
    public HttpRequestMessage Request(HttpMethod method, string pathAndQuery) =>
        new(method, new Uri(BaseAddress.OriginalString + pathAndQuery.TrimStart('/'), AsWritten));

    /// <summary>Asks for the app's configuration or subscriptions, as daprd does at the start.</summary>
    /// <exception cref="HttpRequestException">The app could not be reached, the connection broke, or there was no
    /// response in time.</exception>
    public async Task<(int Status, byte[] Body)> AskAsync(string path, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        request.Headers.Add("dapr-app-id", _options.AppId);
        request.Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } };
        using var deadline = new CancellationTokenSource(AskMax, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            using var response = await SendAsync(request, both.Token);
            return ((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(both.Token));
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            throw new HttpRequestException($"no response to GET /{path} within {AskMax}", error);
        }
    }

    /// <summary>Returns at the response's headers.</summary>
    /// <exception cref="HttpRequestException">The app could not be reached, or the connection broke.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (_options.AppApiToken is { Length: > 0 } token)
        {
            // Not if the caller has sent one.
            request.Headers.Remove(TokenHeader);
            request.Headers.TryAddWithoutValidation(TokenHeader, token);
        }

        return _http.SendAsync(request, ct);
    }

    /// <summary>A health probe: carries no token.</summary>
    internal async Task<bool> ProbeAsync(string path, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, ct);
        return (int)response.StatusCode is >= 200 and < 300;
    }

    public void Dispose() => _http.Dispose();
}
