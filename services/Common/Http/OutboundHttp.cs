using Dapr.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Every HTTP client of the services comes from <see cref="IHttpClientFactory"/> and goes through the handlers that are
/// put together here: a deadline, a check of the request's head, and sockets that keep nothing of one request for the
/// next. Trace headers and measurements are added by <see cref="SocketsHttpHandler"/> itself.
/// </summary>
public static class OutboundHttp
{
    static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(5), DeadlineUnlessSaid = TimeSpan.FromSeconds(5);

    /// <summary>The client for other apps, through Dapr's service invocation: <c>http://{appId}/{path}</c>.</summary>
    internal static void AddOtherApps(this IServiceCollection services) =>
        services.AddHttpClient<OtherApps>(OtherApps.ClientName)
            .AddHttpMessageHandler(provider => new InvocationHandler { DaprEndpoint = Sidecar(provider).OriginalString })
            .AddOutboundHandlers(Sidecar, DeadlineUnlessSaid);

    /// <param name="destination">Where the client connects to; null when that is an address on the internet.</param>
    /// <param name="deadline">For a request that names none by <see cref="Deadline.Set"/>.</param>
    public static IHttpClientBuilder AddOutboundHandlers(
        this IHttpClientBuilder client, Func<IServiceProvider, Uri?> destination, TimeSpan deadline) => client
        // The factory's own loggers would write every address, and with it the ids of people.
        .RemoveAllLoggers()
        // Singletons keep their client for good; the age of a connection sees to it that a new address is noticed.
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .ConfigureHttpClient(http => http.Timeout = Timeout.InfiniteTimeSpan)
        .AddHttpMessageHandler(provider => new Deadline(deadline, provider.GetRequiredService<TimeProvider>()))
        .AddHttpMessageHandler(provider => new SafeHeaders(provider.GetRequiredService<ILogger<SafeHeaders>>()))
        .ConfigurePrimaryHttpMessageHandler(provider => Sockets(destination(provider)));

    // One client serves everybody: with cookies, the session that one person was given would go along with the next
    // one's request. Dapr's own CreateInvokableHttpClient keeps them.
    static SocketsHttpHandler Sockets(Uri? destination) => new()
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        // A proxy of the environment (HTTP_PROXY) is another machine, and cannot reach this one's loopback.
        UseProxy = destination is not { IsLoopback: true },
        PooledConnectionLifetime = ConnectionAgeMax,
    };

    static Uri Sidecar(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        return new(configuration["DAPR_HTTP_ENDPOINT"] is { Length: > 0 } given
            ? given : $"http://localhost:{configuration["DAPR_HTTP_PORT"] ?? "3500"}");
    }
}
