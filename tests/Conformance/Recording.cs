using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>One case as it was recorded from the real daprd 1.18.3: what it was started with, asked and answered.</summary>
sealed record Recording(string Name, JsonObject Case)
{
    /// <summary>Steps that need nothing but the sidecar: what an app answers at start is not in the recordings.</summary>
    static readonly HashSet<string> Replayable = ["R", "wait", "many", "par"];

    static readonly string[] Areas = ["state.", "secrets."];

    public static IReadOnlyList<Recording> All { get; } = [.. Read().OrderBy(recording => recording.Name, StringComparer.Ordinal)];

    public IReadOnlyList<JsonObject> Steps => [.. Case["steps"]!.AsArray().Select(step => step!.AsObject())];

    // What lay in a secrets file was not recorded either.
    public bool IsReplayed => Areas.Any(area => Name.StartsWith(area, StringComparison.Ordinal)) && Steps.All(IsWhole)
        && !Case["resources"]!.ToJsonString().Contains("secretstores.local.file", StringComparison.Ordinal);

    /// <summary>The first part or two of the name: <c>state.memory</c>, <c>faulty</c> …</summary>
    public string Area => Name.Split('.') is [var area and ("state" or "pubsub" or "outbox"), var kind, ..] ? $"{area}.{kind}" : Name.Split('.')[0];

    // Of a long body only the beginning and a hash were kept.
    static bool IsWhole(JsonObject step) =>
        Replayable.Contains(step["do"]!.GetValue<string>()) && step["request"]?["bytes"] is null;

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
