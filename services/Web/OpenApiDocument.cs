using System.Text.Json;

namespace Ticketing.Web;

/// <summary>One operation of a service's API, read from its OpenAPI document.</summary>
/// <param name="Responses">For each status its description, with the schema and media type of the body.</param>
public sealed record ApiOperation(
    string Method, string Path, IReadOnlyList<ApiMember> Parameters, IReadOnlyList<ApiMember> Body,
    IReadOnlyList<(string Status, string Text)> Responses)
{
    /// <summary>A complete curl command; the file <c>jar</c> holds the session cookie.</summary>
    public string Curl(string origin)
    {
        var query = Parameters.Where(member => member is { In: "query", Required: true }).Select(m => $"{m.Name}=…");
        var url = $"'{origin}{Path}{(query.Any() ? "?" + string.Join('&', query) : "")}'";
        var json = Body.Count == 0 ? ""
            : $" --json '{{{string.Join(",", Body.Select(member => $"\"{member.Name}\":{member.Example}"))}}}'";
        var stream = Responses.Any(response => response.Text.Contains("event-stream", StringComparison.Ordinal))
            ? " -N" : "";
        return $"curl{stream} -b jar -c jar{(Method is "GET" or "POST" && (Method == "GET" || Body.Count > 0)
            ? "" : $" -X {Method}")} {url}{json}";
    }
}

/// <summary>A parameter, or a member of the JSON body.</summary>
/// <param name="In"><c>path</c>, <c>query</c>, <c>header</c> or <c>body</c>.</param>
/// <param name="Example">An example value as JSON.</param>
public sealed record ApiMember(string Name, string In, string Type, bool Required, string Example);

/// <summary>Reads the operations of an OpenAPI 3.1 document, for the API page.</summary>
public static class OpenApiDocument
{
    static readonly string[] Methods = ["get", "post", "put", "delete"];

    public static IReadOnlyList<ApiOperation> Operations(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from method in Methods
           where path.Value.TryGetProperty(method, out _)
           select Operation(document, path.Name, method, path.Value.GetProperty(method)),
    ];

    static ApiOperation Operation(JsonElement document, string path, string method, JsonElement operation) => new(
        method.ToUpperInvariant(), path,
        [.. Items(operation, "parameters")
            .Select(parameter => Member(document, parameter.GetProperty("name").GetString()!,
            parameter.GetProperty("in").GetString()!, parameter.GetProperty("schema"), IsTrue(parameter, "required")))],
        [.. Body(document, operation)],
        [.. operation.GetProperty("responses").EnumerateObject()
            .OrderBy(response => response.Name, StringComparer.Ordinal)
            .Select(response => (response.Name, ResponseText(response.Value)))]);

    static IEnumerable<ApiMember> Body(JsonElement document, JsonElement operation)
    {
        if (Find(operation, "requestBody", "content", "application/json", "schema") is not { } schema)
            return [];
        var body = Resolve(document, schema);
        var required = Items(body, "required").Select(name => name.GetString()).ToHashSet();
        return Find(body, "properties") is not { } members ? [] : members.EnumerateObject()
            .Select(member => Member(document, member.Name, "body", member.Value, required.Contains(member.Name)));
    }

    static ApiMember Member(JsonElement document, string name, string location, JsonElement schema, bool required)
    {
        var type = Type(Resolve(document, schema));
        return new(name, location, type, required, type == "integer" ? "4550" : "\"…\"");
    }

    static string Type(JsonElement schema) => Find(schema, "type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString()!,
        { ValueKind: JsonValueKind.Array } some => string.Join(" or ",
            some.EnumerateArray().Select(type => type.GetString()).Where(type => type != "null")),
        _ => "string",
    };

    static string ResponseText(JsonElement response)
    {
        var description = response.GetProperty("description").GetString()!;
        if (Find(response, "content") is not { } content
            || content.EnumerateObject().FirstOrDefault() is not { Name: { } type } body)
            return description;
        var schema = Find(body.Value, "schema") is { } found && Find(found, "$ref") is { } reference
            ? reference.GetString()!.Split('/')[^1] : "";
        return type is "application/problem+json" ? description : $"{description}: {schema} ({type})";
    }

    static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (Find(schema, "oneOf") is { } options)
            schema = options.EnumerateArray().FirstOrDefault(option => Find(option, "$ref") is not null, schema);
        return Find(schema, "$ref") is { } reference
            && Find(document, "components", "schemas", reference.GetString()!.Split('/')[^1]) is { } found
            ? found : schema;
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
