using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Common;

/// <summary>
/// Asks another app something, by service invocation. Events are the rule; this is for the impatient, so a question is
/// bounded to a second, and for what a person waits for and can ask for again (<see cref="Post"/>).
/// </summary>
/// <param name="client">Gives the client for an app id; the default is Dapr's, tests give their own.</param>
public sealed class OtherApps(Func<string, HttpClient> client, TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), WritePatience = TimeSpan.FromSeconds(5);

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

    async Task<T?> Send<T>(HttpMethod method, string appId, string path, TimeSpan patience, JsonTypeInfo<T> json,
        CancellationToken ct) where T : class
    {
        using var timeout = new CancellationTokenSource(patience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var answer = await client(appId)
                .SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound
                && answer.Content.Headers.ContentType?.MediaType == "application/problem+json")
                return null;
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new TryAgainException($"{appId} answered {(int)answer.StatusCode}.");
            return JsonSerializer.Deserialize(await answer.Content.ReadAsByteArrayAsync(linked.Token), json)
                ?? throw new TryAgainException($"{appId} answered with nothing.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new TryAgainException($"{appId} did not answer.", e);
        }
    }
}
