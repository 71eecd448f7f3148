using System.Text.Json;

namespace Ticketing.Web;

/// <summary>One call of a service's API, as its OpenAPI document tells it.</summary>
/// <param name="Answers">By status: what the body is, or the words of HTTP where there is none.</param>
public sealed record ApiCall(
    string Method, string Path, IReadOnlyList<ApiMember> Parameters, IReadOnlyList<ApiMember> Body,
    IReadOnlyList<(string Status, string Words)> Answers)
{
    /// <summary>Ready to be pasted: a jar holds the session's cookie.</summary>
    public string Curl(string origin)
    {
        var query = Parameters.Where(member => member is { In: "query", Required: true }).Select(m => $"{m.Name}=…");
        var url = $"'{origin}{Path}{(query.Any() ? "?" + string.Join('&', query) : "")}'";
        var json = Body.Count == 0 ? ""
            : $" --json '{{{string.Join(",", Body.Select(member => $"\"{member.Name}\":{member.Example}"))}}}'";
        var stream = Answers.Any(answer => answer.Words.Contains("event-stream", StringComparison.Ordinal)) ? " -N" : "";
        return $"curl{stream} -b jar -c jar{(Method is "GET" or "POST" && (Method == "GET" || Body.Count > 0)
            ? "" : $" -X {Method}")} {url}{json}";
    }
}

/// <summary>A parameter, or a member of a body.</summary>
/// <param name="In"><c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="Example">As JSON.</param>
public sealed record ApiMember(string Name, string In, string Type, bool Required, string Example);

/// <summary>Reads of an OpenAPI 3.1 document what a person wants to know.</summary>
public static class ApiDescription
{
    static readonly string[] Methods = ["get", "post", "put", "delete"];

    public static IReadOnlyList<ApiCall> Calls(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from method in Methods
           where path.Value.TryGetProperty(method, out _)
           select Call(document, path.Name, method, path.Value.GetProperty(method)),
    ];

    static ApiCall Call(JsonElement document, string path, string method, JsonElement call) => new(
        method.ToUpperInvariant(), path,
        [.. Items(call, "parameters").Select(parameter => Member(document, parameter.GetProperty("name").GetString()!,
            parameter.GetProperty("in").GetString()!, parameter.GetProperty("schema"), IsTrue(parameter, "required")))],
        [.. Body(document, call)],
        [.. call.GetProperty("responses").EnumerateObject().OrderBy(answer => answer.Name, StringComparer.Ordinal)
            .Select(answer => (answer.Name, Words(answer.Value)))]);

    static IEnumerable<ApiMember> Body(JsonElement document, JsonElement call)
    {
        if (Find(call, "requestBody", "content", "application/json", "schema") is not { } schema)
            return [];
        var body = Resolve(document, schema);
        var required = Items(body, "required").Select(name => name.GetString()).ToHashSet();
        return Find(body, "properties") is not { } members ? [] : members.EnumerateObject()
            .Select(member => Member(document, member.Name, "body", member.Value, required.Contains(member.Name)));
    }

    static ApiMember Member(JsonElement document, string name, string place, JsonElement schema, bool required)
    {
        var type = Type(Resolve(document, schema));
        return new(name, place, type, required, type == "integer" ? "4550" : "\"…\"");
    }

    static string Type(JsonElement schema) => Find(schema, "type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString()!,
        { ValueKind: JsonValueKind.Array } some => string.Join(" or ",
            some.EnumerateArray().Select(type => type.GetString()).Where(type => type != "null")),
        _ => "string",
    };

    static string Words(JsonElement answer)
    {
        var said = answer.GetProperty("description").GetString()!;
        if (Find(answer, "content") is not { } content || content.EnumerateObject().FirstOrDefault() is not { Name: { } type } body)
            return said;
        var schema = Find(body.Value, "schema") is { } found && Find(found, "$ref") is { } reference
            ? reference.GetString()!.Split('/')[^1] : "";
        return type is "application/problem+json" ? said : $"{said}: {schema} ({type})";
    }

    static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (Find(schema, "oneOf") is { } options)
            schema = options.EnumerateArray().FirstOrDefault(option => Find(option, "$ref") is not null, schema);
        return Find(schema, "$ref") is { } reference
            && Find(document, "components", "schemas", reference.GetString()!.Split('/')[^1]) is { } found ? found : schema;
    }

    static JsonElement? Find(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }
        return element;
    }

    static JsonElement.ArrayEnumerator Items(JsonElement element, string name) =>
        Find(element, name) is { } items ? items.EnumerateArray() : default;

    static bool IsTrue(JsonElement element, string name) => Find(element, name) is { ValueKind: JsonValueKind.True };
}
