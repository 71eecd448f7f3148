using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Ticketing.Common;

/// <summary>
/// Asks another app something, by service invocation. Events are the rule; this is for the impatient, so it is bounded
/// to a second and nobody's work depends on it.
/// </summary>
/// <param name="client">Gives the client for an app id; the default is Dapr's, tests give their own.</param>
public sealed class OtherApps(Func<string, HttpClient> client, TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What the app serves under <paramref name="path"/> (such as <c>internal/tickets/abc</c>).</summary>
    /// <returns>Null if it says that there is no such thing (404 with a body of its own).</returns>
    /// <exception cref="TryAgainException">
    /// It cannot be reached, refuses, or answers without a body: an empty 200 is what the runtime may make of an app
    /// that is down.
    /// </exception>
    public async Task<T?> Get<T>(string appId, string path, JsonTypeInfo<T> json, CancellationToken ct) where T : class
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
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
