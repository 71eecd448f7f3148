using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Calls another app by service invocation. Services normally exchange events; this is for answers needed at once
/// (at most one second), and for requests that a person waits for and can repeat (<see cref="Post"/>).
/// </summary>
public sealed class OtherApps(HttpClient http)
{
    /// <summary>The name of the HTTP client, which other typed clients may use too.</summary>
    public const string ClientName = "other-apps";

    static readonly TimeSpan GetDeadline = TimeSpan.FromSeconds(1), PostDeadline = TimeSpan.FromSeconds(5),
        TextDeadline = TimeSpan.FromSeconds(2);

    /// <summary>The address of another app's path; the client's handlers send it to the sidecar.</summary>
    public static Uri Address(string appId, string path) => new(new Uri($"http://{appId}"), path);

    /// <summary>
    /// Reads what the app serves under <paramref name="path"/> (such as <c>internal/tickets/abc</c>).
    /// </summary>
    /// <returns>Null if the app answered 404 with a problem body.</returns>
    /// <exception cref="TryAgainException">
    /// The app is unreachable, answers an error, or answers without a body: the runtime may answer an empty 200 for an
    /// app that is down.
    /// </exception>
    public Task<T?> Get<T>(string appId, string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        Send(HttpMethod.Get, appId, path, GetDeadline, json, ct);

    /// <summary>
    /// Posts to the app. The app may have done it although this throws: only for requests that may be repeated.
    /// </summary>
    /// <inheritdoc cref="Get"/>
    public Task<T?> Post<T>(string appId, string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        Send(HttpMethod.Post, appId, path, PostDeadline, json, ct);

    /// <summary>A text that the app serves; null if it is unreachable, answers an error or no body.</summary>
    public async Task<string?> TryGetText(string appId, string path, CancellationToken ct)
    {
        try
        {
            using var answer = await Send(HttpMethod.Get, appId, path, TextDeadline, ct);
            var text = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(ct) : "";
            return text.Length > 0 ? text : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    async Task<T?> Send<T>(HttpMethod method, string appId, string path, TimeSpan deadline, JsonTypeInfo<T> json,
        CancellationToken ct) where T : class
    {
        try
        {
            using var answer = await Send(method, appId, path, deadline, ct);
            if (answer.StatusCode == HttpStatusCode.NotFound
                && answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                return null;
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new TryAgainException($"{appId} answered {(int)answer.StatusCode}.");
            var read = JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(ct), json)
                ?? throw new TryAgainException($"{appId} answered with nothing.");
            return UnknownWords.AreIn(read, json) ? throw new NewerVersionException($"The answer of {appId}") : read;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new TryAgainException($"{appId} did not answer.", e);
        }
    }

    async Task<HttpResponseMessage> Send(
        HttpMethod method, string appId, string path, TimeSpan deadline, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, Address(appId, path));
        Deadline.Set(request, deadline);
        return await http.SendAsync(request, ct);
    }
}
