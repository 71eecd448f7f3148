using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>
/// Every request that daprd made to the app, headers and body: the embedded sidecar must have made the same ones. Where
/// the clock decides how many there are, every kind of them.
/// </summary>
sealed class Callbacks(Recording recording, CaseSetup setup, Differences differences)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>What an HTTP client adds of its own.</summary>
    static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "user-agent", "host", "content-length", "transfer-encoding", "accept-encoding", "connection",
    };

    /// <param name="unseen">From then on calls may have come, of what was published last, that the recorder did not wait for.</param>
    public async Task CompareAsync(TimeSpan unseen, CancellationToken ct)
    {
        var begun = setup.Clock.Elapsed;
        while (setup.Calls.Count() < recording.Callbacks.Count && setup.Clock.Elapsed - begun < Patience) await Task.Delay(Look, ct);
        foreach (var path in recording.Callbacks.Select(call => (App: call.Text("app"), Path: call.Text("path")))
            .Union(setup.Calls.Select(call => (call.App, call.Path))).ToList())
        {
            differences.Where = $"calls of {path.Path}";
            Compare(path.App, path.Path, unseen);
        }
    }

    void Compare(string app, string path, TimeSpan unseen)
    {
        var recorded = recording.Callbacks.Where(call => call.Text("app") == app && call.Text("path") == path).ToList();
        var actual = setup.Calls.Where(call => call.App == app && call.Path == path).ToList();
        var matched = new HashSet<JsonObject>(ReferenceEqualityComparer.Instance);
        var isTimed = IsTimed(path);
        var strange = new List<Call>();
        foreach (var call in actual)
        {
            var same = recorded.FirstOrDefault(one => (isTimed || !matched.Contains(one)) && setup.Names.Try(() => Is(one, call)));
            if (same is null && call.At < unseen) strange.Add(call);
            else if (same is not null) matched.Add(same);
        }

        var missing = recorded.Where(one => !matched.Contains(one)).ToList();
        if (strange.Count > 0 || (missing.Count > 0 && (!isTimed || matched.Count == 0)))
            differences.Add(missing.Concat(recorded).Select(Shown).FirstOrDefault("no such call"),
                strange.Select(Shown).FirstOrDefault($"{matched.Count} of {recorded.Count} on {path}"));
    }

    // Probes and ticks come by the clock; what is redelivered without end comes as fast as it can.
    bool IsTimed(string path) => path == "/healthz" || path.Contains("/timer/", StringComparison.Ordinal)
        || path.Contains("/remind/", StringComparison.Ordinal)
        || recording.Steps.Any(step => step.Does("got") && step.Text("path") == path && CallCounts.IsTimed(step));

    bool Is(JsonObject recorded, Call call)
    {
        if (recorded.Text("verb") != call.Verb || recorded.Text("query") != call.Query) return false;
        var expected = recorded["headers"]!.AsObject().Where(header => !Ignored.Contains(header.Key)).ToList();
        return expected.Count == call.Headers.Keys.Count(name => !Ignored.Contains(name))
            && expected.TrueForAll(header => call.Headers.TryGetValue(header.Key, out var actual)
                && setup.Names.MatchesHeader(Own(header.Value!.ToString()), actual))
            && (Body.Is(recorded, call.Body, setup.Names) || (call.IsBrokenOff && Body.BeginsWith(recorded, call.Body)));
    }

    // The recorder's machine was called so.
    static string Own(string header) => header == "vm" ? Environment.MachineName
        : header.Replace("host=vm", $"host={Environment.MachineName}", StringComparison.Ordinal);

    static string Shown(JsonObject call)
    {
        var headers = call["headers"]!.AsObject().Select(header => KeyValuePair.Create(header.Key, header.Value!.ToString()));
        return $"{call["verb"]} {call["path"]}?{call["query"]} {Headers(headers)} {Body.Shown(call)}";
    }

    static string Shown(Call call) =>
        $"{call.Verb} {call.Path}?{call.Query} {Headers(call.Headers)} {Encoding.UTF8.GetString(call.Body)}";

    static string Headers(IEnumerable<KeyValuePair<string, string>> headers) => string.Join("; ", headers
        .Where(header => !Ignored.Contains(header.Key))
        .Select(header => $"{header.Key.ToLowerInvariant()}={header.Value}").Order(StringComparer.Ordinal));
}
