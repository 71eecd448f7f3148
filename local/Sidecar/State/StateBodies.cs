using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar.State;

/// <summary>
/// The bodies of the state API's requests. What is wrong with one is a <see cref="FormatException"/>.
/// </summary>
static class StateBodies
{
    /// <summary><c>[{key, value, etag, metadata, options}]</c></summary>
    public static List<StateRequest> ReadSave(ReadOnlySpan<byte> body, JsonStyle style)
    {
        var json = new GoReader(body);
        var items = new List<StateRequest>(1);
        if (json.IsNull) return items;
        if (!json.IsArray) throw json.WrongType("Go value of type []state.SetRequest");
        while (json.NextElement())
        {
            if (json.IsNull) items.Add(StateRequest.Empty);
            else if (json.IsObject) items.Add(ReadItem(ref json, style, isMap: false));
            else throw json.WrongType("Go value of type state.SetRequest");
        }

        return items;
    }

    /// <summary>The keys of <c>{keys, parallelism, metadata}</c>; the rest changes nothing here.</summary>
    public static List<string> ReadBulkGet(ReadOnlySpan<byte> body)
    {
        var json = new GoReader(body);
        var keys = new List<string>();
        if (json.IsNull) return keys;
        if (!json.IsObject) throw json.WrongType("Go value of type http.BulkGetRequest");
        while (json.NextMember(out var name))
        {
            if (!Is(name, "keys") || json.IsNull)
            {
                json.Skip();
                continue;
            }

            if (!json.IsArray) throw json.WrongType("Go struct field BulkGetRequest.keys of type []string");
            while (json.NextElement())
                keys.Add(json.Text() ?? throw json.WrongType("Go struct field BulkGetRequest.keys of type string"));
        }

        return keys;
    }

    /// <summary><c>{operations: [{operation, request}], metadata}</c></summary>
    public static StateTransaction ReadTransaction(ReadOnlySpan<byte> body, JsonStyle style)
    {
        const string type = "stateTransactionRequestBody";
        var json = new GoReader(body);
        var transaction = new StateTransaction([], StateRequest.NoMetadata);
        if (json.IsNull) return transaction;
        if (!json.IsObject) throw json.WrongType($"Go value of type http.{type}");
        while (json.NextMember(out var name))
        {
            if (json.IsNull) continue;
            if (Is(name, "metadata"))
            {
                transaction = transaction with { Metadata = ReadMetadata(ref json, $"{type}.metadata", isMap: false) };
            }
            else if (Is(name, "operations"))
            {
                if (!json.IsArray)
                    throw json.WrongType($"Go struct field {type}.operations of type []http.{type}Operation");
                while (json.NextElement()) transaction.Operations.Add(ReadOperation(ref json, style));
            }
            else
            {
                json.Skip();
            }
        }

        return transaction;
    }

    static (string, StateRequest) ReadOperation(ref GoReader json, JsonStyle style)
    {
        const string type = "stateTransactionRequestBodyOperation";
        var (operation, request) = ("", StateRequest.Empty);
        if (json.IsNull) return (operation, request);
        if (!json.IsObject)
            throw json.WrongType($"Go struct field stateTransactionRequestBody.operations of type http.{type}");
        while (json.NextMember(out var name))
        {
            if (json.IsNull) continue;
            if (Is(name, "operation"))
                operation = json.Text()
                    ?? throw json.WrongType($"Go struct field {type}.operations.operation of type string");
            else if (Is(name, "request")) request = ReadItem(ref json, style, isMap: true);
            else json.Skip();
        }

        return (operation, request);
    }

    static StateRequest ReadItem(ref GoReader json, JsonStyle style, bool isMap)
    {
        var item = StateRequest.Empty;
        if (!json.IsObject) throw json.WrongMapType("");
        while (json.NextMember(out var name))
        {
            if (Is(name, "value")) item = item with { Value = json.Rewrite(style) };
            else if (json.IsNull) continue;
            else if (Is(name, "key")) item = item with { Key = ReadText(ref json, "key", "Key", isMap) };
            else if (Is(name, "etag")) item = item with { ETag = ReadText(ref json, "etag", "ETag", isMap) };
            else if (Is(name, "metadata"))
                item = item with { Metadata = ReadMetadata(ref json, "SetRequest.metadata", isMap) };
            else if (Is(name, "options")) item = ReadOptions(item, ref json, isMap);
            else if (Is(name, "contentType"))
                item = item with { ContentType = ReadText(ref json, "contentType", "ContentType", isMap) };
            else json.Skip();
        }

        return item;
    }

    static StateRequest ReadOptions(StateRequest item, ref GoReader json, bool isMap)
    {
        if (!json.IsObject)
            throw isMap
                ? json.WrongMapType("Options")
                : json.WrongType("Go struct field SetRequest.options of type state.SetStateOption");
        while (json.NextMember(out var name))
        {
            if (json.IsNull) continue;
            if (Is(name, "concurrency"))
                item = item with
                {
                    Concurrency = ReadText(ref json, "options.concurrency", "Options.Concurrency",
                    isMap)
                };
            else if (Is(name, "consistency"))
                item = item with
                {
                    Consistency = ReadText(ref json, "options.consistency", "Options.Consistency",
                    isMap)
                };
            else json.Skip();
        }

        return item;
    }

    static Dictionary<string, string> ReadMetadata(ref GoReader json, string field, bool isMap)
    {
        if (!json.IsObject)
            throw isMap
                ? json.WrongMapType("Metadata")
                : json.WrongType($"Go struct field {field} of type map[string]string");
        var metadata = new Dictionary<string, string>();
        while (json.NextMember(out var key))
        {
            metadata[key] = json.IsNull ? "" : json.Text()
                ?? throw (isMap ? json.WrongMapType(
                $"Metadata[{key}]") : json.WrongType($"Go struct field {field} of type string"));
        }

        return metadata;
    }

    static string ReadText(ref GoReader json, string jsonName, string goName, bool isMap) => json.Text()
        ?? throw (isMap ? json.WrongMapType(
        goName) : json.WrongType($"Go struct field SetRequest.{jsonName} of type string"));

    static bool Is(string name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Metadata">For the store call; operations get only what stands in the URL.</param>
sealed record StateTransaction(List<(string Operation, StateRequest Request)> Operations, IReadOnlyDictionary<string,
    string> Metadata);
