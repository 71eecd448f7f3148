using System.Text.Json;

namespace Ticketing.Shop.Tests;

/// <summary>What the shop answered.</summary>
/// <param name="Status">0: nothing, so nobody knows what it did.</param>
sealed record Reply(int Status, JsonElement Body)
{
    public static readonly Reply None = new(0, default);

    /// <summary>The token that came with it as a cookie.</summary>
    public string? Session { get; init; }

    public bool IsYes => Status is >= 200 and < 300;

    /// <summary>It may have been done, or not: asking once more may tell.</summary>
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
