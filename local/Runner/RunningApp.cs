using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Sidecar;

namespace Ticketing.Run;

/// <summary>An app's process and its sidecar, and whether both are ready.</summary>
sealed class RunningApp(Instance instance, AppProcess process, AppSidecar? sidecar, HttpClient http)
{
    const string Ready = "/health/ready", Subscriptions = "/dapr/subscribe", Actors = "/dapr/config";

    public Instance Instance => instance;

    public AppProcess Process => process;

    public bool IsReady { get; private set; }

    /// <summary>For the display at start.</summary>
    public string Status { get; private set; } = "starting";

    /// <summary>Updates <see cref="Status"/> from the app's and its sidecar's health.</summary>
    public async Task Check(CancellationToken ct)
    {
        Status = await Missing(ct) ?? "ready";
        IsReady = Status == "ready";
    }

    async Task<string?> Missing(CancellationToken ct)
    {
        var starting = instance.IsLeftOut ? "waits for you to start it" : "starting";
        if (!process.IsRunning && !instance.IsLeftOut)
            return process.Failures == 0 ? starting : $"ended {process.Failures} times";
        try
        {
            if (sidecar is null) return await Refused(instance.App.Health?.Path, ct);
            // An app that is about to start has better to do than to answer three questions five times a second.
            if (!sidecar.IsReady || !sidecar.App.IsHealthy) return starting;
            return await Refused(Ready, ct) ?? await Unsubscribed(sidecar, ct) ?? await NotHosted(sidecar, ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or TaskCanceledException
            && !ct.IsCancellationRequested)
        {
            return starting;
        }
    }

    async Task<string?> Refused(string? path, CancellationToken ct)
    {
        if (path is null) return null;
        using var answer = await http.GetAsync(new Uri(instance.Address, path), ct);
        if (answer.IsSuccessStatusCode) return null;
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"answers {(int)answer.StatusCode}";
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return problem.GetProperty("title").GetString();
    }

    /// <summary>A subscription that is not active yet would miss the first event of the first purchase.</summary>
    async Task<string?> Unsubscribed(AppSidecar of, CancellationToken ct)
    {
        if (await Said(Subscriptions, of, ct) is not { ValueKind: JsonValueKind.Array } wanted) return null;
        var (count, active) = (wanted.GetArrayLength(), of.Inventory.ActiveSubscriptions());
        return active >= count ? null : $"subscribing, {active} of {count}";
    }

    /// <summary>Until its actors are hosted, no order's deadline can be set.</summary>
    async Task<string?> NotHosted(AppSidecar of, CancellationToken ct)
    {
        if (await Said(Actors, of, ct) is not { ValueKind: JsonValueKind.Object } said
            || !said.TryGetProperty("entities", out var wanted)) return null;
        var hosted = of.Inventory.HostedActors();
        var missing = wanted.EnumerateArray().Select(type => type.GetString()!).Except(hosted).ToList();
        return missing.Count == 0 ? null : $"hosting actors, {string.Join(", ", missing)}";
    }

    /// <summary>What the app answers to its sidecar; null without such a route.</summary>
    async Task<JsonElement?> Said(string path, AppSidecar of, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(instance.Address, path));
        request.Headers.Add("dapr-api-token", of.Options.AppApiToken);
        using var answer = await http.SendAsync(request, ct);
        return answer.IsSuccessStatusCode && answer.Content.Headers.ContentType?.MediaType == "application/json"
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(ct) : null;
    }
}
