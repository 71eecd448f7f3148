using System.Text.Json.Nodes;

namespace Ticketing.House.Tests;

/// <summary>What a newer build may have added to a document.</summary>
static class JsonChanges
{
    /// <summary>Adds members with unknown names to some of the objects in it, at any level.</summary>
    public static JsonNode WithMembers(JsonNode document, Random random)
    {
        var copy = document.DeepClone();
        foreach (var inner in Objects(copy).ToList())
        {
            for (var added = random.Next(3); added > 0; added--)
                inner[$"new{random.Next(1_000)}"] = Value(random, depth: 0);
        }
        copy.AsObject()["newest of all"] = Value(random, depth: 0);
        return copy;
    }

    /// <summary>The document with one enum word replaced by an unknown one, for each of them.</summary>
    public static IEnumerable<JsonNode> WithUnknownWords(JsonNode document, IReadOnlySet<string> names)
    {
        var count = Words(document, names).Count();
        for (var i = 0; i < count; i++)
        {
            var copy = document.DeepClone();
            Words(copy, names).ElementAt(i).ReplaceWith("neverHeardOf");
            yield return copy;
        }
    }

    /// <summary>True if everything in the part is in the whole too.</summary>
    public static bool Contains(JsonNode? whole, JsonNode? part) => (whole, part) switch
    {
        (JsonObject w, JsonObject p) => p.All(member => Contains(w[member.Key], member.Value)),
        (JsonArray w, JsonArray p) => w.Count == p.Count && w.Zip(p).All(pair => Contains(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(whole, part),
    };

    static IEnumerable<JsonValue> Words(JsonNode document, IReadOnlySet<string> names) =>
        from inner in Objects(document)
        from member in inner
        where names.Contains(member.Key) && member.Value is JsonValue
        select member.Value.AsValue();

    static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject inner => inner.SelectMany(member => Objects(member.Value)).Prepend(inner),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    static JsonNode? Value(Random random, int depth) => random.Next(depth > 2 ? 4 : 6) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(),
        3 => $"text {random.Next()}",
        4 => new JsonArray(Value(random, depth + 1), Value(random, depth + 1)),
        _ => new JsonObject { ["a"] = Value(random, depth + 1), ["b"] = Value(random, depth + 1) },
    };
}
