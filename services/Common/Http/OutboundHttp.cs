using Dapr.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Every HTTP client of the services comes from <see cref="IHttpClientFactory"/> with the handlers registered here: a
/// deadline, a check of the request's headers, and sockets without cookies or redirects. Trace headers and metrics are
/// added by <see cref="SocketsHttpHandler"/> itself.
/// </summary>
public static class OutboundHttp
{
    static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(5), DefaultDeadline = TimeSpan.FromSeconds(5);

    /// <summary>The client for other apps, through Dapr's service invocation: <c>http://{appId}/{path}</c>.</summary>
    internal static void AddOtherApps(this IServiceCollection services) =>
        services.AddHttpClient<OtherApps>(OtherApps.ClientName)
            .AddHttpMessageHandler(provider =>
                new InvocationHandler { DaprEndpoint = Sidecar(provider).OriginalString })
            .AddOutboundHandlers(DefaultDeadline);

    /// <param name="deadline">For requests without <see cref="Deadline.Set"/>.</param>
    public static IHttpClientBuilder AddOutboundHandlers(
        this IHttpClientBuilder client, TimeSpan deadline) => client
        // The factory's own loggers would log every address, with the ids of users in it.
        .RemoveAllLoggers()
        // Singletons keep their client for ever, so handlers are not replaced; PooledConnectionLifetime picks up new
        // DNS.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
        .AddHttpMessageHandler(provider => new Deadline(deadline, provider.GetRequiredService<TimeProvider>()))
        .AddHttpMessageHandler(provider => new SafeHeaders(provider.GetRequiredService<ILogger<SafeHeaders>>()))
        .ConfigurePrimaryHttpMessageHandler(Sockets);

    // One client serves all users: with cookies on, one user's session cookie would be sent with another user's
    // request. Dapr's own CreateInvokableHttpClient keeps cookies.
    static SocketsHttpHandler Sockets() => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = ConnectionAgeMax,
    };

    static Uri Sidecar(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        return new(configuration["DAPR_HTTP_ENDPOINT"] is { Length: > 0 } given
            ? given : $"http://localhost:{configuration["DAPR_HTTP_PORT"] ?? "3500"}");
    }
}
