using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ticketing.Conformance;

/// <summary>
/// How often the app was called on a path: exactly as often as recorded, unless the time it took decided the count; then
/// as often as was expected of daprd (<c>5-7 calls</c>, <c>5+ calls</c>), or a fifth more or less.
/// </summary>
sealed partial class CallCounts(Recording recording, CaseSetup setup, Differences differences)
{
    /// <summary>A loaded machine may be so late, and not a call be missing.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Handlers that take so long show whether they ran at the same time.</summary>
    static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);

    public async Task CompareAsync(int i, TimeSpan lastRequest, TimeSpan wait, CancellationToken ct)
    {
        var step = recording.Steps[i];
        var app = AppOf(i);
        var (least, most) = Bounds(step);
        IReadOnlyList<Call> Found() => [.. setup.Calls.Where(call => call.App == app && Fits(step, call.Path)
            && (step.Text("since") == "start" || call.At >= lastRequest))];
        // The recorder's own look comes first: whatever must not come has that long to come.
        var (begun, within) = (setup.Clock.Elapsed, TimeSpan.FromSeconds(step.Number("within_s")));
        await Task.Delay(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < within ? wait : within, ct);
        while (Found().Count < least && setup.Clock.Elapsed - begun < within + Patience) await Task.Delay(Look, ct);
        var calls = Found();
        if (calls.Count < least || calls.Count > most)
            differences.Add($"{step["count"]} calls on {step["path"]}", $"{calls.Count}");
        else
            CompareOrder(step, calls);
        if (calls.Count > 1 && IsSlow(step) && Most(calls) > 1 != step.Number("at_once") > 1)
            differences.Add($"{step["at_once"]} at once on {step["path"]}", $"{Most(calls)}");
    }

    bool IsSlow(JsonObject step) => recording.Callbacks.Where(call => Fits(step, call.Text("path")))
        .All(call => call.Milliseconds("took_ms") >= Slow);

    void CompareOrder(JsonObject step, IReadOnlyList<Call> calls)
    {
        if (!(step["contract"]?.ToJsonString() ?? "").Contains("in order: True", StringComparison.Ordinal)) return;
        var numbers = calls.Select(call => JsonNode.Parse(call.Body)!["data"]!["n"]!.GetValue<int>());
        var recorded = step["numbers"]!.AsArray().Select(number => number!.GetValue<int>());
        if (!numbers.SequenceEqual(recorded)) differences.Add($"{step["numbers"]}", string.Join(',', numbers));
    }

    static int Most(IReadOnlyList<Call> calls) =>
        calls.Max(call => calls.Count(other => other.At <= call.At && (other.Ended ?? TimeSpan.MaxValue) > call.At));

    /// <summary>How many calls will do.</summary>
    static (int Least, int Most) Bounds(JsonObject step)
    {
        var (count, expected) = ((int)step.Number("count"), Expectation(step));
        if (expected is { Success: true })
        {
            var least = int.Parse(expected.Groups["least"].Value);
            // The recorder did not look for more than it expected, once that was there.
            if (!expected.Groups["exactly"].Success) return (Math.Min(least, count), int.MaxValue);
            if (expected.Groups["range"].Success)
                return (least, int.TryParse(expected.Groups["most"].Value, out var most) ? most : int.MaxValue);
        }

        var more = IsTimed(step) ? Math.Max(1, count / 5) : 0;
        return (count - more, count + more);
    }

    /// <summary>Whether the calls come by the clock, over seconds, or as fast as they can.</summary>
    public static bool IsTimed(JsonObject step) => Expectation(step)?.Groups["range"].Success == true
        || (step.Number("count") > 3 && Expectation(step)?.Success != true && step["offsets_ms"]!.AsArray() is [var first, .., var last]
            && last!.GetValue<double>() - first!.GetValue<double>() > 900);

    /// <summary>Whether the recorder looked for more than it expected.</summary>
    public static bool IsExact(JsonObject step) =>
        Expectation(step) is not { Success: true } expected || expected.Groups["exactly"].Success;

    static Match? Expectation(JsonObject step) => step["contract"] is JsonObject contract && contract["holds"]?.GetValue<bool>() == true
        ? Expected().Match(contract["says"]!.ToJsonString(Plain)) : null;

    static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Which app was looked at was not recorded: the one whose calls were so many.</summary>
    string AppOf(int i)
    {
        var step = recording.Steps[i];
        if (recording.Apps.Count == 1) return "app";
        var isSecondLook = i > 0 && recording.Steps[i - 1] is var before && before.Does("got")
            && before.Text("path") == step.Text("path");
        if (isSecondLook) return recording.Apps[1];
        var calls = recording.Callbacks.Where(call => Fits(step, call.Text("path"))).ToList();
        return recording.Apps.First(app => calls.Count(call => call.Text("app") == app) >= step.Number("count"));
    }

    static bool Fits(JsonObject step, string path) =>
        FileSystemName.MatchesSimpleExpression(step.Text("path"), path, ignoreCase: false);

    [GeneratedRegex("(?<exactly>exactly )?(?<least>[0-9]+)(?<range>-(?<most>[0-9]+)|\\+)? calls")]
    private static partial Regex Expected();
}
