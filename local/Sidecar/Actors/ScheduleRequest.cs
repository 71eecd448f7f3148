using System.Buffers;
using Ticketing.Sidecar.Json;

namespace Ticketing.Sidecar.Actors;

/// <summary>The body that sets a timer or reminder; "" stands for what is not given.</summary>
/// <param name="Callback">Only timers have one.</param>
/// <param name="Data">JSON as it came, a null that was written out too; null when not given.</param>
/// <param name="Overwrite">False: a reminder of the same name stays, and the request fails.</param>
sealed record ScheduleRequest(string DueTime, string Period, string Ttl, string Callback, byte[]? Data, bool Overwrite)
{
    static readonly ScheduleRequest Empty = new("", "", "", "", null, true);

    /// <param name="type">The request's name in daprd.</param>
    /// <exception cref="FormatException">It cannot be read; in Go's words.</exception>
    public static ScheduleRequest Read(ReadOnlySpan<byte> body, string type)
    {
        var json = new GoReader(body);
        var request = Empty;
        if (json.IsNull) return request;
        if (!json.IsObject) throw json.WrongType($"Go value of type api.{type}");
        while (json.NextMember(out var name))
        {
            if (Is(name, "data")) request = request with { Data = GoCompact.Of(json.Raw()).ToArray() };
            else if (json.IsNull) continue;
            else if (Is(name, "dueTime")) request = request with { DueTime = Text(ref json, type, "dueTime") };
            else if (Is(name, "period")) request = request with { Period = Text(ref json, type, "period") };
            else if (Is(name, "ttl")) request = request with { Ttl = Text(ref json, type, "ttl") };
            else if (Is(name, "callback")) request = request with { Callback = Text(ref json, type, "callback") };
            else if (Is(name, "overwrite")) request = request with { Overwrite = Flag(json, type, "overwrite") };
            else json.Skip();
        }

        return request;
    }

    /// <summary>What the app gets at each tick.</summary>
    /// <param name="callback">Only timers have one.</param>
    public static ReadOnlyMemory<byte> Body(
        ReadOnlySpan<byte> data, string? callback, string dueTime, string period)
    {
        var body = new ArrayBufferWriter<byte>(data.Length + 64);
        var json = new GoJsonWriter(body).StartObject();
        if (!data.IsEmpty) json.Name("data").Raw(data);
        if (callback is not null) json.Member("callback", callback);
        json.Member("dueTime", dueTime).Member("period", period).EndObject();
        return body.WrittenMemory;
    }

    static string Text(ref GoReader json, string type, string field) =>
        json.Text() ?? throw Wrong(json, type, field, "string");

    static bool Flag(GoReader json, string type, string field) => json.Flag() ?? throw Wrong(json, type, field, "bool");

    static FormatException Wrong(GoReader json, string type, string field, string expected) =>
        json.WrongType($"Go struct field {type}.{field} of type {expected}");

    static bool Is(string name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
}
