using Ticketing.Sidecar.Json;
using Ticketing.Sidecar.State;

namespace Ticketing.Sidecar.Actors;

/// <summary>One write among those an actor makes at once.</summary>
sealed record ActorStateWrite(
    string Operation, bool HasRequest, string Key, ReadOnlyMemory<byte> Value, string? ETag,
    Dictionary<string, string> Metadata)
{
    const string OperationType = "Go struct field TransactionalOperation.operation of type api.OperationType";

    /// <exception cref="FormatException">It cannot be read; in Go's words.</exception>
    public static List<ActorStateWrite> Read(ReadOnlySpan<byte> body, JsonStyle style)
    {
        var json = new GoReader(body);
        var writes = new List<ActorStateWrite>();
        if (json.IsNull) return writes;
        if (!json.IsArray) throw json.WrongType("Go value of type []api.TransactionalOperation");
        while (json.NextElement()) writes.Add(ReadOne(ref json, style));
        return writes;
    }

    static ActorStateWrite ReadOne(ref GoReader json, JsonStyle style)
    {
        var write = new ActorStateWrite("", false, "", "null"u8.ToArray(), null, []);
        if (!json.IsObject) throw json.WrongType("Go value of type api.TransactionalOperation");
        while (json.NextMember(out var name))
        {
            if (json.IsNull) continue;
            if (Is(name, "operation"))
                write = write with { Operation = json.Text() ?? throw json.WrongType(OperationType) };
            else if (Is(name, "request")) write = ReadRequest(write with { HasRequest = true }, ref json, style);
            else json.Skip();
        }

        return write;
    }

    static ActorStateWrite ReadRequest(ActorStateWrite write, ref GoReader json, JsonStyle style)
    {
        if (!json.IsObject) throw json.WrongMapType("");
        while (json.NextMember(out var name))
        {
            if (Is(name, "value")) write = write with { Value = json.Rewrite(style) };
            else if (json.IsNull) continue;
            else if (Is(name, "key")) write = write with { Key = json.Text() ?? throw json.WrongMapType("Key") };
            else if (Is(name, "etag")) write = write with { ETag = json.Text() ?? throw json.WrongMapType("ETag") };
            else if (Is(name, "metadata")) ReadMetadata(write.Metadata, ref json);
            else json.Skip();
        }

        return write;
    }

    static void ReadMetadata(Dictionary<string, string> metadata, ref GoReader json)
    {
        if (!json.IsObject) throw json.WrongMapType("Metadata");
        while (json.NextMember(out var name))
            metadata[name] = json.IsNull ? "" : json.Text() ?? throw json.WrongMapType($"Metadata[{name}]");
    }

    static bool Is(string name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
}
