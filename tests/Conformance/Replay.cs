using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;

namespace Ticketing.Conformance;

/// <summary>Asks the embedded sidecar what the real one was asked, and tells what it answers otherwise.</summary>
sealed class Replay(Recording recording)
{
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>Headers of every server, and those of tracing, which is switched off on one side.</summary>
    static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "date", "server", "content-length", "transfer-encoding", "traceparent", "tracestate", "connection", "keep-alive",
    };

    /// <summary>A path such as <c>%zz</c> is sent as it was recorded, not as it ought to be.</summary>
    static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    readonly Placeholders names = new();
    readonly List<string> differences = [];
    string origin = "";

    /// <returns>Each difference on a line of its own; none: the two cannot be told apart here.</returns>
    public async Task<IReadOnlyList<string>> Run(CancellationToken ct)
    {
        var folder = Directory.CreateTempSubdirectory("conformance-").FullName;
        try
        {
            names.Set("<dir>", folder);
            var resources = Compact(recording.Case["resources"]!);
            if (resources.Contains("<redis>", StringComparison.Ordinal))
                names.Set("<redis>", await CleanServers.Redis());
            if (resources.Contains("<postgres>", StringComparison.Ordinal))
                names.Set("<postgres>", await CleanServers.Postgres(ct));
            await using var host = new SidecarHost(KnownComponents.Registry, logs: NullLoggerFactory.Instance);
            await using var sidecar = await AppSidecar.StartAsync(await Options(folder, ct), host, ct);
            origin = $"http://127.0.0.1:{sidecar.HttpPort}";
            using var http = new HttpClient();
            for (var i = 0; i < recording.Steps.Count; i++)
                await Step(recording.Steps, i, http, ct);
            return differences;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    async Task<SidecarOptions> Options(string folder, CancellationToken ct)
    {
        var resources = Directory.CreateDirectory(Path.Combine(folder, "resources")).FullName;
        var i = 0;
        foreach (var resource in recording.Case["resources"]!.AsArray())
            // JSON is YAML.
            await File.WriteAllTextAsync(Path.Combine(resources, $"{i++}.yaml"), names.Fill(Compact(resource!)), ct);
        var config = Path.Combine(folder, "config.yaml");
        if (recording.Case["config"] is { } configuration)
            await File.WriteAllTextAsync(config, names.Fill(Compact(configuration)), ct);
        var environment = (recording.Case["env"] as JsonObject ?? [])
            .ToDictionary(pair => pair.Key, pair => names.Fill(pair.Value!.ToString()));
        return new()
        {
            AppId = "app", HttpPort = 0, GrpcPort = 0, ResourcesPaths = [resources], WorkingDirectory = folder,
            ConfigPaths = recording.Case["config"] is null ? [] : [config],
            HasPlacement = Compact(recording.Case["resources"]!).Contains("actorStateStore", StringComparison.Ordinal),
            RefuseUnknownFields = false, Variables = environment,
            Namespace = environment.GetValueOrDefault("NAMESPACE", ""),
        };
    }

    async Task Step(IReadOnlyList<JsonObject> steps, int i, HttpClient http, CancellationToken ct)
    {
        var step = steps[i];
        switch (step["do"]!.GetValue<string>())
        {
            case "wait":
                var next = i + 1 < steps.Count ? steps[i + 1]["at_ms"]!.GetValue<double>() : 0;
                var wait = TimeSpan.FromMilliseconds(Math.Max(0, next - step["at_ms"]!.GetValue<double>()));
                await Task.Delay(wait < WaitMax ? wait : WaitMax, ct);
                break;
            case "R":
                using (var answer = await http.SendAsync(Request(step["request"]!.AsObject()), ct))
                    await Compare(i, step["response"]!.AsObject(), answer, ct);
                break;
            case "par":
                var sent = step["requests"]!.AsArray()
                    .Select(one => http.SendAsync(Request(one!["request"]!.AsObject()), ct));
                CompareStatuses(i, step["statuses"]!.AsObject(), await Task.WhenAll(sent));
                break;
            case "many":
                await Many(i, step, http, ct);
                break;
        }
    }

    async Task Many(int i, JsonObject step, HttpClient http, CancellationToken ct)
    {
        var answers = new List<HttpResponseMessage>();
        for (var n = 0; n < step["times"]!.GetValue<int>(); n++)
        {
            var body = step["json"]!.ToJsonString().Replace("\"$N\"", $"{n}", StringComparison.Ordinal);
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            answers.Add(await http.PostAsync(origin + names.Fill(step["path"]!.GetValue<string>()), content, ct));
        }
        CompareStatuses(i, step["statuses"]!.AsObject(), answers);
    }

    HttpRequestMessage Request(JsonObject recorded)
    {
        var request = new HttpRequestMessage(new(recorded["verb"]!.GetValue<string>()),
            new Uri(origin + names.Fill(recorded["path"]!.GetValue<string>()), AsWritten));
        var body = recorded["json"] is { } json ? names.Fill(Compact(json))
            : recorded["text"] is { } text ? names.Fill(text.GetValue<string>()) : null;
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        else if (recorded["base64"] is { } bytes)
            request.Content = new ByteArrayContent(Convert.FromBase64String(bytes.GetValue<string>()));
        foreach (var (name, value) in recorded["headers"] as JsonObject ?? [])
        {
            var filled = names.Fill(value!.ToString());
            if (!request.Headers.TryAddWithoutValidation(name, filled))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, filled);
        }
        return request;
    }

    async Task Compare(int i, JsonObject recorded, HttpResponseMessage answer, CancellationToken ct)
    {
        var status = recorded["status"]?.GetValue<int>();
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        if (status != (int)answer.StatusCode)
            Differs(i, $"status {status}", $"{(int)answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        var expected = (recorded["headers"] as JsonObject ?? []).Where(header => !Ignored.Contains(header.Key))
            .ToDictionary(header => header.Key, header => header.Value!.ToString(), StringComparer.OrdinalIgnoreCase);
        var actual = answer.Headers.NonValidated.Concat<KeyValuePair<string, HeaderStringValues>>(answer.Content.Headers.NonValidated)
            .Where(header => !Ignored.Contains(header.Key))
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        foreach (var name in expected.Keys.Union(actual.Keys, StringComparer.OrdinalIgnoreCase))
            if (!names.Matches(expected.GetValueOrDefault(name, ""), actual.GetValueOrDefault(name, "")))
                Differs(i, $"{name}: {expected.GetValueOrDefault(name)}", actual.GetValueOrDefault(name) ?? "none");
        // Who wins a race is nobody's promise; that exactly one does is compared by the statuses.
        if (!recording.Steps.Take(i).Any(step => step["do"]!.GetValue<string>() == "par"))
            CompareBody(i, recorded, body);
    }

    void CompareBody(int i, JsonObject recorded, byte[] actual)
    {
        if (recorded["sha256"] is { } hash)
        {
            if (hash.GetValue<string>() != Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(actual)))
                Differs(i, $"a body of {recorded["bytes"]} bytes", $"{actual.Length} others");
            return;
        }
        var expected = recorded["json"] is { } json ? Compact(json) : recorded["text"]?.GetValue<string>() ?? "";
        if (recorded["base64"] is { } bytes)
            expected = Encoding.UTF8.GetString(Convert.FromBase64String(bytes.GetValue<string>()));
        var text = Encoding.UTF8.GetString(actual);
        if (!names.Matches(expected, text))
            Differs(i, expected, text);
    }

    void CompareStatuses(int i, JsonObject recorded, IReadOnlyList<HttpResponseMessage> answers)
    {
        var actual = answers.GroupBy(answer => ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture))
            .ToDictionary(group => group.Key, group => group.Count());
        foreach (var (status, count) in recorded)
            if (actual.GetValueOrDefault(status) != count!.GetValue<int>())
                Differs(i, $"{count} times {status}", string.Join(", ", actual.Select(pair => $"{pair.Value} times {pair.Key}")));
        foreach (var answer in answers)
            answer.Dispose();
    }

    // "json only if compact JSON reproduces the bytes exactly"
    static string Compact(JsonNode json) => json.ToJsonString(new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    void Differs(int i, string recorded, string actual) => differences.Add($"step {i}: {Short(recorded)} ≠ {Short(actual)}");

    static string Short(string text) => text.Length <= 300 ? text : $"{text[..300]}…";
}
