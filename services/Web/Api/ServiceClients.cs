using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Web.Api;

/// <summary>The response of a service: a value, a problem, or <see cref="Unavailable"/>.</summary>
public sealed record ServiceResponse<T>(int Status, T? Value, Problem? Problem, HttpResponseHeaders? Headers = null)
    where T : class
{
    public bool Ok => Status is >= 200 and < 300;
    public bool NotFound => Status == 404;
    public bool Unauthenticated => Status == 401;
    /// <summary>The service is down, too slow or failing: the page shows the rest, and a notice in its place.</summary>
    public bool Unavailable => Status >= 500;
    public string Code => Problem?.Code ?? "";
}

/// <summary>For responses whose body is empty or ignored.</summary>
public sealed record NoBody;

/// <summary>
/// Calls one service through Dapr with the token of the browser's user; a call has a time limit. A success without the
/// expected body did not come from the service (Dapr can answer 200 with an empty body) and counts as unavailable.
/// </summary>
public sealed class ServiceClient(HttpClient http, string appId, IHttpContextAccessor context)
{
    public Task<ServiceResponse<T>> Get<T>(string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        Send(new(HttpMethod.Get, path), json, ct);

    public Task<ServiceResponse<T>> Post<TBody, T>(
        string path, TBody body, JsonTypeInfo<TBody> bodyJson, JsonTypeInfo<T> json, CancellationToken ct)
        where T : class =>
        Send(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyJson) }, json, ct);

    /// <param name="idempotencyKey">A repeat with the same key and body does not create a second resource.</param>
    public Task<ServiceResponse<T>> Post<TBody, T>(
        string path, TBody body, IdempotencyKey? idempotencyKey, JsonTypeInfo<TBody> bodyJson,
        JsonTypeInfo<T> json, CancellationToken ct) where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyJson) };
        if (idempotencyKey is { } key)
            request.Headers.Add("Idempotency-Key", key.Value);
        return Send(request, json, ct);
    }

    public Task<ServiceResponse<T>> Put<TBody, T>(
        string path, TBody body, TicketVersion? ifMatch, JsonTypeInfo<TBody> bodyJson,
        JsonTypeInfo<T> json, CancellationToken ct) where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, bodyJson) };
        if (ifMatch is { } version)
            request.Headers.IfMatch.Add(new(version.EntityTag));
        return Send(request, json, ct);
    }

    public Task<ServiceResponse<NoBody>> Post<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyJson,
        CancellationToken ct) =>
        Send<NoBody>(new(HttpMethod.Post, path) { Content = JsonContent.Create(body, bodyJson) }, null, ct);

    public Task<ServiceResponse<NoBody>> Post(string path, CancellationToken ct) =>
        Send<NoBody>(new(HttpMethod.Post, path), null, ct);

    public Task<ServiceResponse<NoBody>> Put<TBody>(string path, TBody body, JsonTypeInfo<TBody> bodyJson,
        CancellationToken ct) =>
        Send<NoBody>(new(HttpMethod.Put, path) { Content = JsonContent.Create(body, bodyJson) }, null, ct);

    public Task<ServiceResponse<NoBody>> Delete<TBody>(
        string path, TBody body, JsonTypeInfo<TBody> bodyJson, CancellationToken ct) =>
        Send<NoBody>(new(HttpMethod.Delete, path) { Content = JsonContent.Create(body, bodyJson) }, null, ct);

    public Task<ServiceResponse<NoBody>> Delete(string path, CancellationToken ct) =>
        Send<NoBody>(new(HttpMethod.Delete, path), null, ct);

    async Task<ServiceResponse<T>> Send<T>(HttpRequestMessage request, JsonTypeInfo<T>? json, CancellationToken ct)
        where T : class
    {
        request.RequestUri = OtherApps.Address(appId, request.RequestUri!.OriginalString);
        if (context.HttpContext is { } browser)
            BrowserFacts.AddTo(browser, request);
        try
        {
            using var response = await http.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            return Read(response, body, json);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            return new(StatusCodes.Status503ServiceUnavailable, null, null);
        }
    }

    static ServiceResponse<T> Read<T>(HttpResponseMessage response, byte[] body, JsonTypeInfo<T>? json) where T : class
    {
        var status = (int)response.StatusCode;
        if (!response.IsSuccessStatusCode)
        {
            var problem = body.Length > 0
                && response.Content.Headers.ContentType?.MediaType is "application/problem+json"
                ? JsonSerializer.Deserialize(body, ApiJson.Default.Problem)
                : null;
            return new(status, null, problem, response.Headers);
        }
        if (json is null)
            return status == StatusCodes.Status200OK && body.Length == 0
                ? new(StatusCodes.Status503ServiceUnavailable, null, null)
                : new(status, null, null, response.Headers);
        return body.Length == 0
            ? new(StatusCodes.Status503ServiceUnavailable, null, null)
            : new(status, JsonSerializer.Deserialize(body, json), null, response.Headers);
    }
}

/// <summary>A client for each service, by its Dapr app id.</summary>
public sealed class ServiceClients(HttpClient http, IHttpContextAccessor context)
{
    public ServiceClient Auth => For("auth");
    public ServiceClient Tickets => For("tickets");
    public ServiceClient Orders => For("orders");
    public ServiceClient Payments => For("payments");

    public ServiceClient For(string appId) => new(http, appId, context);
}

static class ServiceClientExtensions
{
    public static IServiceCollection AddServiceClients(this IServiceCollection services)
    {
        services.AddHttpClient<ServiceClients>(OtherApps.ClientName);
        return services;
    }
}
