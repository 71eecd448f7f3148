using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
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
            return Ids.Contains(type)
                ? new JsonObject { ["type"] = "string", ["format"] = type.Name }
                : schema;
        },
    };

    public static JsonObject Of(Type data) =>
        ContractsJson.Default.Options.GetJsonSchemaAsNode(data, Options).AsObject();

    /// <summary>
    /// The changes in <paramref name="now"/> that break a consumer built against <paramref name="old"/>.
    /// </summary>
    public static IEnumerable<string> Breaks(JsonObject old, JsonObject now, string path = "")
    {
        if (old["properties"] is not JsonObject before)
            yield break;
        var after = now["properties"] as JsonObject ?? [];
        foreach (var (name, was) in before)
        {
            var here = $"{path}/{name}";
            if (after[name] is not { } isNow)
                yield return $"{here} is gone";
            else if (Shape(was!) != Shape(isNow))
                yield return $"{here} was {Shape(was!)} and is {Shape(isNow)}";
            else if (was is JsonObject inner)
                foreach (var deeper in Breaks(inner, isNow.AsObject(), here))
                    yield return deeper;
        }
        var required = Required(old);
        foreach (var name in Required(now).Where(name => !required.Contains(name) && before[name] is null))
            yield return $"{path}/{name} is new and required: what was published before has none";
    }

    static HashSet<string> Required(JsonObject schema) =>
        schema["required"] is JsonArray names ? [.. names.Select(name => name!.GetValue<string>())] : [];

    static string Shape(JsonNode schema) => schema is JsonObject o
        ? JsonSerializer.Serialize(new { type = o["type"], format = o["format"] })
        : schema.ToJsonString();
}
