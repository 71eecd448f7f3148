using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ticketing.Conformance;

/// <summary>Bodies as they were recorded: <c>json</c>, <c>text</c>, <c>base64</c>, or size, hash and beginning.</summary>
static partial class Body
{
    const int EnvelopeMax = 300;

    /// <summary>What a refusal says in words.</summary>
    static readonly string[] Prose = ["message", "description", "error"];

    /// <summary>How the long bodies end: a string in an array of items, in an object, or nothing but itself.</summary>
    static readonly string[] Endings = ["", "\"}]", "\"", "\"}", "\"}}]}"];

    /// <summary>What was sent; null: nothing.</summary>
    /// <exception cref="InvalidDataException">Too little was kept of it.</exception>
    public static byte[]? Sent(JsonObject recorded, Placeholders names)
    {
        if (recorded["base64"] is { } bytes) return Convert.FromBase64String(bytes.GetValue<string>());
        if (recorded["sha256"] is not null) return Whole(recorded) ?? throw new InvalidDataException("Too little was kept of a body.");
        return Text(recorded) is { } text ? Encoding.UTF8.GetBytes(names.Fill(text)) : null;
    }

    public static bool Is(JsonObject recorded, byte[] actual, Placeholders names)
    {
        if (recorded["sha256"] is { } hash)
            return hash.GetValue<string>() == Convert.ToHexStringLower(SHA256.HashData(actual)) || IsEnvelopeLike(recorded, actual);
        var (expected, found) = (Shown(recorded), Reveal(Encoding.UTF8.GetString(actual)));
        return names.Matches(expected, found) || names.Matches(WithoutProse(expected), WithoutProse(found));
    }

    /// <summary>
    /// JSON with its texts escaped in one way only; of a refusal the code, the reasons and whom they are about, but not
    /// the words. What is no JSON stays as it is.
    /// </summary>
    static string WithoutProse(string text)
    {
        try
        {
            // A port is recorded by its name, where the answer has a number.
            if (JsonNode.Parse(BarePort().Replace(text, "\"$0\"")) is not { } json) return text;
            if (json is JsonObject refusal && refusal.ContainsKey("errorCode")) RemoveProse(refusal);
            return QuotedPort().Replace(Recording.Compact(json), "$1") + (text.EndsWith('\n') ? "\n" : "");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            return text;
        }
    }

    static void RemoveProse(JsonNode? json)
    {
        if (json is JsonArray list)
            foreach (var item in list) RemoveProse(item);
        if (json is not JsonObject refusal) return;
        foreach (var prose in Prose) refusal.Remove(prose);
        foreach (var (_, member) in refusal) RemoveProse(member);
    }

    /// <summary>Of a long body.</summary>
    public static bool BeginsWith(JsonObject recorded, byte[] actual) =>
        recorded["sha256"] is not null && actual.Length > 0 && Whole(recorded)?.AsSpan().StartsWith(actual) == true;

    // What daprd wraps has an id and a time at its end, so that no hash can be the same.
    static bool IsEnvelopeLike(JsonObject recorded, byte[] actual) =>
        recorded.Text("head").StartsWith("{\"data\":", StringComparison.Ordinal)
        && Encoding.UTF8.GetString(actual).StartsWith(recorded.Text("head"), StringComparison.Ordinal)
        && Math.Abs(actual.Length - recorded.Number("bytes")) < EnvelopeMax;

    /// <summary>For reading, and for comparing.</summary>
    public static string Shown(JsonObject recorded) => recorded["sha256"] is not null ? $"{recorded["bytes"]} bytes"
        : recorded["base64"] is { } bytes ? Encoding.UTF8.GetString(Convert.FromBase64String(bytes.GetValue<string>()))
        : Reveal(Text(recorded) ?? "");

    static string? Text(JsonObject recorded) =>
        recorded["json"] is { } json ? Recording.Compact(json) : recorded["text"]?.GetValue<string>();

    // The recorder sent one character over and over; the hash tells whether that is right.
    static byte[]? Whole(JsonObject recorded)
    {
        var (head, length) = (recorded["head"]!.GetValue<string>(), (int)recorded.Number("bytes"));
        foreach (var ending in Endings)
        {
            var missing = length - head.Length - ending.Length;
            if (missing < 0) continue;
            var whole = Encoding.UTF8.GetBytes(head + new string(head[^1], missing) + ending);
            if (Convert.ToHexStringLower(SHA256.HashData(whole)) == recorded.Text("sha256")) return whole;
        }

        return null;
    }

    /// <summary>
    /// The features are listed in the order of a Go map; the scheduler is a process of its own only there; and an
    /// envelope within an envelope, in base64, kept a random id for which the recorder had no placeholder.
    /// </summary>
    static string Reveal(string text)
    {
        text = Scheduler().Replace(text, "");
        text = Features().Replace(text, match => string.Join(',', match.Value.Split(',').Order(StringComparer.Ordinal)));
        return Base64().Replace(text, match =>
        {
            // The recorder gave its app and topics a name of their own in each run.
            var inner = RunName().Replace(Encoding.UTF8.GetString(Convert.FromBase64String(match.Value)), "");
            return inner.Contains("specversion", StringComparison.Ordinal) ? Random().Replace(inner, "?") : match.Value;
        });
    }

    [GeneratedRegex("(?<=\":)<port-[a-z-]+>")]
    private static partial Regex BarePort();

    [GeneratedRegex("\"(<port-[a-z-]+>)\"")]
    private static partial Regex QuotedPort();

    [GeneratedRegex("(?<=\"enabledFeatures\":\\[)[^\\]]*")]
    private static partial Regex Features();

    [GeneratedRegex(",\"scheduler\":{\"connected_addresses\":\\[[^\\]]*\\]}")]
    private static partial Regex Scheduler();

    [GeneratedRegex("(?<=\"data_base64\":\")[A-Za-z0-9+/=]+(?=\")")]
    private static partial Regex Base64();

    [GeneratedRegex("-r[0-9a-f]{9}(?=\")")]
    private static partial Regex RunName();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)")]
    private static partial Regex Random();
}
