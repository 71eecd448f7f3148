using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>One case as it was recorded from the real daprd 1.18.3: what it was started with, asked and answered.</summary>
sealed record Recording(string Name, JsonObject Case)
{
    static readonly JsonSerializerOptions AsSent = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static IReadOnlyList<Recording> All { get; } = [.. Read().OrderBy(recording => recording.Name, StringComparer.Ordinal)];

    public IReadOnlyList<JsonObject> Steps { get; } = [.. Case["steps"]!.AsArray().Select(step => step!.AsObject())];

    /// <summary>Every request that daprd made to an app, in the order they came.</summary>
    public IReadOnlyList<JsonObject> Callbacks { get; } = [.. Case["callbacks"]!.AsArray().Select(call => call!.AsObject())];

    public IReadOnlyList<JsonNode> Resources { get; } = [.. Case["resources"]!.AsArray().Select(resource => resource!)];

    /// <summary>How long it took to record.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds(Case["duration_s"]!.GetValue<double>());

    /// <summary>The first part or two of the name: <c>state.memory</c>, <c>faulty</c> …</summary>
    public string Area => Name.Split('.') is [var area and ("state" or "pubsub" or "outbox"), var kind, ..]
        ? $"{area}.{kind}" : Name.Split('.')[0];

    /// <summary>The names of the apps, each with a daprd of its own; the first is <c>app</c>.</summary>
    public IReadOnlyList<string> Apps => [.. Case["boot"]!.AsObject().Select(app => app.Key).DefaultIfEmpty("app")];

    /// <summary>Whether an app listens behind a daprd: it was called, or is stopped or started in some step.</summary>
    public bool HasApp(string app) => Mentions($"<port-{app}-app>") || Callbacks.Any(call => Of(call, app))
        || Steps.Any(step => step.Does("app_is") && Of(step, app));

    /// <summary>Whether the app is there when its daprd starts.</summary>
    public bool StartsWithApp(string app) =>
        HasApp(app) && Steps.FirstOrDefault(step => step.Does("app_is") && Of(step, app))?.Text("what") != "started";

    /// <summary>Whether there were the services that actors need.</summary>
    public bool HasPlacement => !Mentions("placement service is not configured") && !Mentions("placement: disconnected");

    public bool Mentions(string text) => Case.ToJsonString(AsSent).Contains(text, StringComparison.Ordinal);

    // "json only if compact JSON reproduces the bytes exactly"
    public static string Compact(JsonNode json) => json.ToJsonString(AsSent);

    static bool Of(JsonObject recorded, string app) => recorded.Text("app") == app;

    static IEnumerable<Recording> Read()
    {
        using var resource = typeof(Recording).Assembly.GetManifestResourceStream("recordings")!;
        using var unzipped = new GZipStream(resource, CompressionMode.Decompress);
        using var tar = new TarReader(unzipped);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data || !entry.Name.EndsWith(".json", StringComparison.Ordinal))
                continue;
            if (JsonNode.Parse(data) is JsonObject @case && @case["steps"] is not null)
                yield return new(Path.GetFileNameWithoutExtension(entry.Name), @case);
        }
    }
}

static class Recorded
{
    public static bool Does(this JsonObject step, string what) => step.Text("do") == what;

    public static string Text(this JsonObject recorded, string member) => recorded[member]?.ToString() ?? "";

    public static double Number(this JsonObject recorded, string member) => recorded[member]?.GetValue<double>() ?? 0;

    public static TimeSpan Milliseconds(this JsonObject recorded, string member) =>
        TimeSpan.FromMilliseconds(recorded.Number(member));
}
