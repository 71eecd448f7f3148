using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;

namespace Ticketing.Testing;

/// <summary>
/// Answers a service's calls to other apps in place of the connection to the sidecar; all handlers before it are the
/// service's own. The answer sees the address that the service asked for, <c>http://{app}/{path}</c>.
/// </summary>
public sealed class OtherAppsStub(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    const string Invoke = "/v1.0/invoke/", Method = "/method/";

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var target = request.RequestUri!.PathAndQuery;
        if (target.StartsWith(Invoke, StringComparison.Ordinal)
            && target[Invoke.Length..].Split(Method, 2) is [var app, var path])
            request.RequestUri = new($"http://{app}/{path}");
        return Task.FromResult(answer(request));
    }
}

public static class OtherAppsStubs
{
    public static IServiceCollection AddOtherAppsStub(
        this IServiceCollection services, Func<HttpRequestMessage, HttpResponseMessage> answer)
    {
        services.AddHttpClient(OtherApps.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new OtherAppsStub(answer));
        return services;
    }
}
