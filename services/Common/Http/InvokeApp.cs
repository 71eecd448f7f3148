using System.Collections.Concurrent;
using Dapr.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// A client for another app, by Dapr's service invocation; its paths are the app's own. One client for everybody.
/// </summary>
public delegate HttpClient InvokeApp(string appId);

static class Invocation
{
    const int AnswerBytesMax = 4 * 1024 * 1024;

    public static InvokeApp Clients(IConfiguration configuration, ILoggerFactory logs)
    {
        var clients = new ConcurrentDictionary<string, HttpClient>();
        return appId => clients.GetOrAdd(appId, id => Client(configuration, id, logs.CreateLogger<SafeHeaders>()));
    }

    /// <summary>
    /// What <c>DaprClient.CreateInvokableHttpClient</c> makes, but for one thing: that one keeps cookies, and one
    /// client serves everybody, so the session that one person was given would go along with the next one's request.
    /// </summary>
    static HttpClient Client(IConfiguration configuration, string appId, ILogger<SafeHeaders> log)
    {
        var endpoint = configuration["DAPR_HTTP_ENDPOINT"] is { Length: > 0 } given
            ? given : $"http://localhost:{configuration["DAPR_HTTP_PORT"] ?? "3500"}";
        // The handler adds DAPR_API_TOKEN of the environment by itself; given twice it counts as wrong.
        return new(new InvocationHandler
        {
            DaprEndpoint = endpoint,
            DefaultAppId = appId,
            InnerHandler = new SafeHeaders(log)
            {
                InnerHandler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false },
            },
        })
        {
            BaseAddress = new($"http://{appId}"),
            MaxResponseContentBufferSize = AnswerBytesMax,
        };
    }
}
