using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;

namespace Ticketing.House.Tests;

/// <summary>The JSON Schema of a published record, derived from its serializer.</summary>
static class EventSchema
{
    static readonly HashSet<Type> Ids = [typeof(TicketId), typeof(OrderId), typeof(UserId)];

    static readonly JsonSchemaExporterOptions Options = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, schema) =>
        {
            var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
            if (Ids.Contains(type))
                return new JsonObject { ["type"] = "string", ["format"] = type.Name };
            if (OpenEnum.WordsOf(context.TypeInfo) is { } words)
                return new JsonObject { ["enum"] = new JsonArray([.. words]) };
            foreach (var member in context.TypeInfo.Properties)
                AddWords(schema["properties"]?[member.Name], context.TypeInfo.Options.GetTypeInfo(member.PropertyType));
            return schema;
        },
    };

    // The exporter does not pass on a parameter of a constructor that has a default.
    static void AddWords(JsonNode? member, JsonTypeInfo type)
    {
        if (member is JsonObject described && described["enum"] is null && OpenEnum.WordsOf(type) is { } words)
            described.Insert(0, "enum", new JsonArray([.. words]));
    }

    public static JsonObject Of(Type data) =>
        ContractsJson.Default.Options.GetJsonSchemaAsNode(data, Options).AsObject();

    /// <summary>
    /// The changes in <paramref name="now"/> that break a consumer, or a publisher, built against <paramref name="old"/>:
    /// both builds run during an upgrade. A new member that may be absent breaks none, nor does a new enum word.
    /// </summary>
    public static IEnumerable<string> Breaks(JsonNode old, JsonNode now, string path = "")
    {
        if (Shape(old) != Shape(now))
            return [$"{path} was {Shape(old)} and is {Shape(now)}"];
        var lost = Words(old).Except(Words(now)).Select(word => $"{path} has lost the word {word}");
        var members = old["properties"] is JsonObject before
            ? Members(before, now["properties"] as JsonObject ?? [], path)
                .Concat(Required(old, now, path)) : [];
        var items = old["items"] is { } item ? Breaks(item, now["items"] ?? new JsonObject(), $"{path}/[]") : [];
        return [.. lost, .. members, .. items];
    }

    static IEnumerable<string> Members(JsonObject before, JsonObject after, string path) =>
        before.SelectMany(member => after[member.Key] is { } isNow
            ? Breaks(member.Value!, isNow, $"{path}/{member.Key}")
            : [$"{path}/{member.Key} is gone"]);

    static IEnumerable<string> Required(JsonNode old, JsonNode now, string path)
    {
        var (before, after) = (RequiredIn(old), RequiredIn(now));
        return [
            .. after.Except(before).Select(name => $"{path}/{name} is required: what an older build publishes has none"),
            .. before.Except(after).Select(name => $"{path}/{name} may be absent: an older build demands it")];
    }

    static IEnumerable<string> RequiredIn(JsonNode schema) =>
        schema["required"] is JsonArray names ? names.Select(name => name!.GetValue<string>()) : [];

    static IEnumerable<string> Words(JsonNode schema) =>
        schema is JsonObject && schema["enum"] is JsonArray words ? words.Select(word => word?.ToJsonString() ?? "null") : [];

    static string Shape(JsonNode schema) => schema is JsonObject o
        ? JsonSerializer.Serialize(new { type = o["type"], format = o["format"], words = o["enum"] is not null })
        : schema.ToJsonString();
}
