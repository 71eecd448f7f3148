using System.Net;

namespace Ticketing.Sidecar;

/// <summary>The one way to call the app: adds the app's token and keeps to its concurrency limit.</summary>
public sealed class AppChannel : IDisposable
{
    const string TokenHeader = "dapr-api-token";

    /// <summary>Why nothing is sent while <see cref="IsClosed"/>.</summary>
    public const string Unhealthy = "app is not in a healthy state";

    static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    readonly SidecarOptions _options;
    readonly HttpMessageInvoker _http;
    readonly SemaphoreSlim? _slots;

    public AppChannel(SidecarOptions options)
    {
        _options = options;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
        });
        _slots = options.AppMaxConcurrency > 0 ? new SemaphoreSlim(options.AppMaxConcurrency) : null;
        var scheme = options.AppProtocol is "https" or "grpcs" ? "https" : "http";
        BaseAddress = new Uri($"{scheme}://{options.AppAddress}:{options.AppPort ?? 0}/");
    }

    /// <summary>False: started without an app port, there is nobody to call.</summary>
    public bool Exists => _options.AppPort is not null;

    public Uri BaseAddress { get; }

    /// <summary>As probed; without health checks an app counts as healthy.</summary>
    public bool IsHealthy { get; internal set; }

    /// <summary>Only a health check that fails closes the way; without one, calls to a dead app are tried and
    /// fail.</summary>
    public bool IsClosed => _options.AppHealthCheck is not null && !IsHealthy;

    /// <summary>A request to the app; the path is used as it is, escapes included.</summary>
    public HttpRequestMessage Request(HttpMethod method, string pathAndQuery)
    {
        var request = new HttpRequestMessage(method,
            new Uri(BaseAddress.OriginalString + pathAndQuery.TrimStart('/'), AsWritten))
        {
            Version = _options.AppProtocol is "h2c" ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return request;
    }

    /// <summary>What the app is asked once, when it is first there, as daprd asks it.</summary>
    public HttpRequestMessage StartQuestion(string path)
    {
        var request = Request(HttpMethod.Get, path);
        request.Headers.Add("dapr-app-id", _options.AppId);
        request.Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } };
        return request;
    }

    /// <summary>Returns at the response's headers, or, where concurrency is limited, when the whole body is here: the
    /// slot is given back then. Waits for a slot without end, as daprd does.</summary>
    /// <exception cref="HttpRequestException">The app could not be reached, or broke off.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (_options.AppApiToken is { Length: > 0 } token)
        {
            // Not beside one that the caller sent along.
            request.Headers.Remove(TokenHeader);
            request.Headers.TryAddWithoutValidation(TokenHeader, token);
        }

        if (_slots is null) return await _http.SendAsync(request, ct);
        await _slots.WaitAsync(ct);
        try
        {
            var response = await _http.SendAsync(request, ct);
            await response.Content.LoadIntoBufferAsync(ct);
            return response;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>A health probe: carries no token and takes no slot.</summary>
    internal async Task<bool> ProbeAsync(string path, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        using var response = await _http.SendAsync(request, ct);
        return (int)response.StatusCode is >= 200 and < 300;
    }

    public void Dispose()
    {
        _http.Dispose();
        _slots?.Dispose();
    }
}
