using System.Text.Json;

namespace Ticketing.Run.Demo;

/// <summary>The response to one request.</summary>
sealed record ApiResponse(string Request, int Status, JsonElement Body)
{
    public static async Task<ApiResponse> Read(string request, HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var body = type.EndsWith("json", StringComparison.Ordinal) ? JsonDocument.Parse(text).RootElement : default;
        return new ApiResponse(request, (int)response.StatusCode, body);
    }

    public string Text(string member) => Body.GetProperty(member).ToString();

    public long Number(string member) => Body.GetProperty(member).GetInt64();

    public DateTimeOffset Time(string member) => Body.GetProperty(member).GetDateTimeOffset();

    /// <summary>The last segment of a problem's type.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("type", out var type)
        ? type.GetString()!.Split('/')[^1] : "";

    /// <exception cref="DemoFailedException">The response has another status.</exception>
    public ApiResponse Must(params int[] statuses) =>
        statuses.Contains(Status) ? this : throw Unexpected(string.Join(" or ", statuses));

    /// <inheritdoc cref="Must(int[])"/>
    public ApiResponse MustRefuse(int status, string code) =>
        Status == status && Code == code ? this : throw Unexpected($"{status} {code}");

    DemoFailedException Unexpected(string promised) => new($"{Request} answered {Status} {Body}, not {promised}");
}
