using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>
/// What an app answers: from its start, as <c>apps.json</c> tells for each case, and then as the recorded steps say.
/// </summary>
sealed class AppScript
{
    static readonly JsonObject Nothing = new() { ["status"] = 404, ["type"] = "application/json" };

    static readonly IReadOnlyList<JsonObject> Entries = ReadEntries();

    readonly ConcurrentDictionary<string, JsonObject> changed = [];
    readonly ConcurrentDictionary<JsonObject, int> asked = new(ReferenceEqualityComparer.Instance);
    readonly IReadOnlyList<KeyValuePair<string, JsonObject>> atStart;
    readonly IReadOnlyList<JsonObject> entries;

    public AppScript(string @case, string app)
    {
        entries = [.. Entries.Where(entry => Applies(entry, @case) && (entry["app"]?.ToString() ?? app) == app)];
        // The more special an entry is, the later it stands.
        atStart = [.. entries.Reverse().SelectMany(StartAnswers)];
    }

    /// <summary>Anything else that an entry says of this case; null: nothing.</summary>
    public JsonNode? About(string member) => entries.LastOrDefault(entry => entry[member] is not null)?[member];

    /// <summary>From now on.</summary>
    public void Change(JsonObject routes)
    {
        foreach (var (route, answer) in routes) changed[route] = answer!.AsObject();
    }

    public JsonObject AnswerTo(string verb, string path)
    {
        if (changed.TryGetValue(path, out var answer) || changed.TryGetValue($"{verb} {path}", out answer)) return answer;
        answer = atStart.FirstOrDefault(start => Fits(start.Key, verb, path)).Value ?? Nothing;
        if (answer["first"] is not JsonArray first) return answer;
        var before = asked.AddOrUpdate(answer, 0, (_, count) => count + 1);
        return before < first.Count ? first[before]!.AsObject() : answer;
    }

    static IEnumerable<KeyValuePair<string, JsonObject>> StartAnswers(JsonObject entry)
    {
        if (entry["subscribe"] is { } topics) yield return new("GET /dapr/subscribe", Ok(topics));
        if (entry["config"] is { } config) yield return new("GET /dapr/config", Ok(config));
        foreach (var (route, answer) in (entry["answers"] as JsonObject ?? []).Reverse())
            yield return new(route, answer!.AsObject());
    }

    static JsonObject Ok(JsonNode body) => new() { ["status"] = 200, ["body"] = body.DeepClone() };

    static bool Applies(JsonObject entry, string @case) => entry["cases"]!.AsArray()
        .Any(pattern => FileSystemName.MatchesSimpleExpression(pattern!.GetValue<string>(), @case, ignoreCase: false));

    static bool Fits(string route, string verb, string path) =>
        FileSystemName.MatchesSimpleExpression(route, route.StartsWith('/') ? path : $"{verb} {path}", ignoreCase: false);

    static List<JsonObject> ReadEntries()
    {
        using var file = typeof(AppScript).Assembly.GetManifestResourceStream("apps")!;
        var entries = JsonNode.Parse(file, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;
        return [.. entries.AsArray().Select(entry => entry!.AsObject())];
    }
}
