using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary>
/// The schemas of the published records as each release had them: <c>docs/schemas/{release}/{record}.json</c>. They are
/// written once, at the release, and never again.
/// </summary>
static class FrozenSchemas
{
    const string Folder = "docs/schemas";

    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>A digest of each release's files, so that nobody changes a frozen file without noticing.</summary>
    public static IReadOnlyDictionary<int, string> Digests { get; } = new Dictionary<int, string>
    {
        [1] = "3cb9cc50269cd252ed276cbdb2df5210",
    };

    public static IEnumerable<int> Releases => Directory.GetDirectories(Repository.At(Folder))
        .Select(folder => int.Parse(Path.GetFileName(folder), null)).Order();

    public static JsonObject Read(int release, PublishedTopic topic) =>
        JsonNode.Parse(File.ReadAllText(FileOf(release, topic)))!.AsObject();

    public static string DigestOf(int release) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Concat(PublishedTopic.All.Select(topic => Read(release, topic).ToJsonString())))).AsSpan(0, 16));

    /// <summary>With <c>FREEZE_SCHEMAS=n</c>: writes the schemas of release n, unless they are there.</summary>
    public static void Freeze()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable("FREEZE_SCHEMAS"), out var release))
            return;
        Directory.CreateDirectory(Repository.At($"{Folder}/{release}"));
        foreach (var topic in PublishedTopic.All.Where(topic => !File.Exists(FileOf(release, topic))))
            File.WriteAllText(FileOf(release, topic),
                EventSchema.Of(topic.Data).ToJsonString(indented).ReplaceLineEndings("\n") + "\n");
    }

    static string FileOf(int release, PublishedTopic topic) => Repository.At($"{Folder}/{release}/{topic.Data.Name}.json");
}
