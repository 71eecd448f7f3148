namespace Ticketing.Sidecar.Actors;

/// <summary>The request body that sets a timer or reminder; missing texts are "".</summary>
sealed record ScheduleRequest
{
    public string DueTime { get; init => field = value ?? ""; } = "";

    public string Period { get; init => field = value ?? ""; } = "";

    public string Ttl { get; init => field = value ?? ""; } = "";

    /// <summary>Only timers have one.</summary>
    public string Callback { get; init => field = value ?? ""; } = "";

    public JsonElement Data { get; init; }

    /// <summary>False: a reminder of the same name stays, and the request fails.</summary>
    public bool? Overwrite { get; init; }

    /// <summary>The data as JSON (also the literal null); null if missing.</summary>
    public string? DataText { get; private init; }

    /// <exception cref="JsonException">It cannot be read.</exception>
    public static ScheduleRequest Read(ReadOnlySpan<byte> body)
    {
        var request = DaprJson.Read(body, SidecarJson.Default.ScheduleRequest) ?? new();
        return request.Data.ValueKind == JsonValueKind.Undefined
            ? request
            : request with { DataText = JsonText(request.Data) };
    }

    /// <summary>The body of the callback at each tick.</summary>
    /// <param name="data">JSON; null for none.</param>
    /// <param name="callback">Only timers have one.</param>
    public static byte[] Body(string? data, string? callback, string dueTime, string period) => DaprJson.Write(json =>
    {
        json.WriteStartObject();
        if (data is not null)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(data);
        }

        if (callback is not null) json.WriteString("callback", callback);
        json.WriteString("dueTime", dueTime);
        json.WriteString("period", period);
        json.WriteEndObject();
    });

    static string JsonText(JsonElement data) => Encoding.UTF8.GetString(DaprJson.Write(data.WriteTo));
}
