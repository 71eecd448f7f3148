using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Common;

/// <summary>
/// Asks another app something, by service invocation. Events are the rule; this is for a question whose answer is
/// needed at once, so it is bounded to a second, and for what a person waits for and can ask for again
/// (<see cref="Post"/>).
/// </summary>
public sealed class OtherApps(HttpClient http)
{
    /// <summary>The client of the factory behind this; another typed client may stand before the same.</summary>
    public const string ClientName = "other-apps";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), WritePatience = TimeSpan.FromSeconds(5),
        TextPatience = TimeSpan.FromSeconds(2);

    /// <summary>The address of another app's path; the client's handlers send it to the sidecar.</summary>
    public static Uri Address(string appId, string path) => new(new Uri($"http://{appId}"), path);

    /// <summary>What the app serves under <paramref name="path"/> (such as <c>internal/tickets/abc</c>).</summary>
    /// <returns>Null if it says that there is no such thing (404 with a body of its own).</returns>
    /// <exception cref="TryAgainException">
    /// It cannot be reached, refuses, or answers without a body: an empty 200 is what the runtime may make of an app
    /// that is down.
    /// </exception>
    public Task<T?> Get<T>(string appId, string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        Send(HttpMethod.Get, appId, path, Patience, json, ct);

    /// <summary>
    /// Has the app do what it serves under <paramref name="path"/>. It may have been done although this throws, so only
    /// for what may be asked for again.
    /// </summary>
    /// <inheritdoc cref="Get"/>
    public Task<T?> Post<T>(string appId, string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        Send(HttpMethod.Post, appId, path, WritePatience, json, ct);

    /// <summary>A text as the app serves it; null if it is away, refuses, or answers without a body.</summary>
    public async Task<string?> TryGetText(string appId, string path, CancellationToken ct)
    {
        try
        {
            using var answer = await Send(HttpMethod.Get, appId, path, TextPatience, ct);
            var text = answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync(ct) : "";
            return text.Length > 0 ? text : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    async Task<T?> Send<T>(HttpMethod method, string appId, string path, TimeSpan patience, JsonTypeInfo<T> json,
        CancellationToken ct) where T : class
    {
        try
        {
            using var answer = await Send(method, appId, path, patience, ct);
            if (answer.StatusCode == HttpStatusCode.NotFound
                && answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                return null;
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new TryAgainException($"{appId} answered {(int)answer.StatusCode}.");
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(ct), json)
                ?? throw new TryAgainException($"{appId} answered with nothing.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException)
        {
            throw new TryAgainException($"{appId} did not answer.", e);
        }
    }

    async Task<HttpResponseMessage> Send(HttpMethod method, string appId, string path, TimeSpan patience, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, Address(appId, path));
        Deadline.Set(request, patience);
        return await http.SendAsync(request, ct);
    }
}
