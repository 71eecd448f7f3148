using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Ticketing.Conformance;

/// <summary>Sends the recorded requests and compares the answers: status, headers, body.</summary>
sealed class Client(CaseSetup setup, Differences differences) : IDisposable
{
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    /// <summary>Headers of every server.</summary>
    static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "date", "server", "content-length", "transfer-encoding", "connection", "keep-alive",
    };

    /// <summary>A path such as <c>%zz</c> is sent as it was recorded, not as it ought to be.</summary>
    static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    readonly Instants instants = new(setup);
    bool isRaced;

    public async Task<bool> IsOkAsync(Uri uri, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(uri, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task AskAsync(JsonObject step, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var (response, took) = (step["response"]!.AsObject(), step.Milliseconds("took_ms"));
        // A client that gave up is one that got no answer in all that time.
        var patience = response.Text("error").StartsWith("TimeoutError", StringComparison.Ordinal) ? took : AnswerMax;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(patience);
        try
        {
            using var answer = await http.SendAsync(Request(step["request"]!.AsObject()), deadline.Token);
            await CompareAsync(response, answer, ct);
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException)
        {
            if (!response.Text("error").Contains("refused", StringComparison.Ordinal)) differences.Add(Shown(response), error.Message);
        }
        catch (HttpRequestException error) when (error.InnerException is IOException)
        {
            if (!response.Text("error").StartsWith("RemoteDisconnected", StringComparison.Ordinal)) differences.Add(Shown(response), error.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            if (patience != took) differences.Add(Shown(response), $"no answer in {patience.TotalSeconds} s");
        }

        differences.Took(took, watch.Elapsed);
    }

    public async Task AskAllAsync(JsonObject step, CancellationToken ct)
    {
        isRaced = true;
        var sent = step["requests"]!.AsArray().Where(one => one!.AsObject().Does("R"))
            .Select(one => http.SendAsync(Request(one!["request"]!.AsObject()), ct));
        CompareStatuses(step["statuses"]!.AsObject(), await Task.WhenAll(sent));
    }

    public async Task AskManyAsync(JsonObject step, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var answers = new List<HttpResponseMessage>();
        for (var n = 0; n < step.Number("times"); n++)
        {
            var body = Recording.Compact(step["json"]!).Replace("\"$N\"", $"{n}", StringComparison.Ordinal);
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            content.Headers.ContentType!.CharSet = null;
            answers.Add(await http.PostAsync(setup.Origin("app") + setup.Names.Fill(step.Text("path")), content, ct));
        }

        CompareStatuses(step["statuses"]!.AsObject(), answers);
        differences.Took(step.Milliseconds("took_ms"), watch.Elapsed);
    }

    HttpRequestMessage Request(JsonObject recorded)
    {
        var request = new HttpRequestMessage(new(recorded.Text("verb")),
            new Uri(setup.Origin(recorded.Text("to")) + setup.Names.Fill(recorded.Text("path")), AsWritten));
        if (Body.Sent(recorded, setup.Names) is { } body) request.Content = new ByteArrayContent(instants.Fill(recorded, body));
        foreach (var (name, value) in recorded["headers"] as JsonObject ?? [])
        {
            var filled = setup.Names.Fill(value!.ToString());
            if (!request.Headers.TryAddWithoutValidation(name, filled))
                (request.Content ??= new ByteArrayContent([])).Headers.TryAddWithoutValidation(name, filled);
        }

        return request;
    }

    async Task CompareAsync(JsonObject recorded, HttpResponseMessage answer, CancellationToken ct)
    {
        var body = await answer.Content.ReadAsByteArrayAsync(ct);
        var status = $"{(int)answer.StatusCode}";
        if (recorded.Text("status") != status) differences.Add(Shown(recorded), $"{status} {Encoding.UTF8.GetString(body)}");
        var expected = (recorded["headers"] as JsonObject ?? []).Select(header => KeyValuePair.Create(header.Key, header.Value!.ToString()));
        var actual = answer.Headers.NonValidated.Concat<KeyValuePair<string, HeaderStringValues>>(answer.Content.Headers.NonValidated)
            .Select(header => KeyValuePair.Create(header.Key, header.Value.ToString()));
        CompareHeaders(Headers(expected), Headers(actual));
        // Which request wins is not defined; the statuses show that exactly one does.
        if (!isRaced && recorded.Text("status") == status && !Body.Is(recorded, body, setup.Names))
            differences.Add(Body.Shown(recorded), Encoding.UTF8.GetString(body));
    }

    static Dictionary<string, string> Headers(IEnumerable<KeyValuePair<string, string>> headers) =>
        headers.Where(header => !Ignored.Contains(header.Key)).ToDictionary(StringComparer.OrdinalIgnoreCase);

    void CompareHeaders(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        foreach (var name in expected.Keys.Union(actual.Keys, StringComparer.OrdinalIgnoreCase))
            if (!setup.Names.MatchesHeader(expected.GetValueOrDefault(name, ""), actual.GetValueOrDefault(name, "")))
                differences.Add($"{name}: {expected.GetValueOrDefault(name)}", actual.GetValueOrDefault(name) ?? "none");
    }

    void CompareStatuses(JsonObject recorded, IReadOnlyList<HttpResponseMessage> answers)
    {
        var actual = answers.GroupBy(answer => $"{(int)answer.StatusCode}").ToDictionary(group => group.Key, group => group.Count());
        foreach (var (status, count) in recorded)
            if (actual.GetValueOrDefault(status) != count!.GetValue<int>())
                differences.Add($"{count} times {status}", string.Join(", ", actual.Select(pair => $"{pair.Value} times {pair.Key}")));
        foreach (var answer in answers) answer.Dispose();
    }

    static string Shown(JsonObject response) => $"{response["status"]}{response["error"]} {Body.Shown(response)}";

    public void Dispose() => http.Dispose();
}
