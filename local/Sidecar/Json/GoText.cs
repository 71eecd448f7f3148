using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ticketing.Sidecar.Json;

/// <summary>JSON values as Go prints them once they are decoded: <c>map[a:1 b:[x y]]</c>, <c>&lt;nil&gt;</c>.</summary>
static class GoText
{
    const int DepthMax = 10_000;

    /// <param name="json">Written by <see cref="GoValue"/>: its keys are in order.</param>
    public static string Of(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax });
        using var document = JsonDocument.ParseValue(ref reader);
        var text = new StringBuilder();
        Print(document.RootElement, text);
        return text.ToString();
    }

    static void Print(JsonElement value, StringBuilder text)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append("map[");
                Join(value.EnumerateObject(), text, member => Print(member.Value, text.Append(member.Name).Append(':')));
                break;
            case JsonValueKind.Array:
                text.Append('[');
                Join(value.EnumerateArray(), text, item => Print(item, text));
                break;
            case JsonValueKind.Number: text.Append(Number(value.GetDouble())); break;
            case JsonValueKind.Null: text.Append("<nil>"); break;
            case JsonValueKind.String: text.Append(value.GetString()); break;
            default: text.Append(value.GetRawText()); break;
        }
    }

    static void Join<T>(IEnumerable<T> items, StringBuilder text, Action<T> print)
    {
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) text.Append(' ');
            print(item);
            isFirst = false;
        }

        text.Append(']');
    }

    // As in JSON, but with an exponent sooner, and of two digits.
    static string Number(double value) => value != 0 && Math.Abs(value) is < 1e-4 or >= 1e6
        ? value.ToString("0.################e+00", CultureInfo.InvariantCulture)
        : GoNumber.Format(value);
}
