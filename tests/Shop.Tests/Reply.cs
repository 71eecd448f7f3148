using System.Text.Json;

namespace Ticketing.Shop.Tests;

/// <summary>The shop's response.</summary>
/// <param name="Status">0: no response, so the outcome is unknown.</param>
sealed record Reply(int Status, JsonElement Body)
{
    public static readonly Reply None = new(0, default);

    /// <summary>The token in its session cookie.</summary>
    public string? Session { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The request may have been executed or not; a repeat may tell.</summary>
    public bool IsUnsure => Status is 0 or >= 500;

    public string Text(string member) => Body.GetProperty(member).ToString();

    public long Number(string member) => Body.GetProperty(member).GetInt64();

    public DateTimeOffset Time(string member) => Body.GetProperty(member).GetDateTimeOffset();

    public IEnumerable<JsonElement> Items => Body.GetProperty("items").EnumerateArray();

    /// <summary>The last segment of a problem's type.</summary>
    public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("type", out var type)
        ? type.GetString()!.Split('/')[^1] : "";

    public override string ToString() => $"{Status} {Body}";
}
