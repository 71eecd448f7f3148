using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>
/// What the embedded sidecar costs: each operation through it, and a request of the same size through a plain Kestrel
/// forwarder to a plain app. Both arms take turns in one run, so that a busy machine is busy for both.
/// </summary>
static class SidecarBenchmark
{
    const int Rounds = 10;
    static readonly int[] Clients = [1, 8];
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4), Turn = TimeSpan.FromSeconds(1);

    const string Components = """
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: statestore }
        spec: { type: state.in-memory, version: v1 }
        ---
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: pubsub }
        spec: { type: pubsub.in-memory, version: v1 }
        """;

    public static async Task<int> Run(CancellationToken ct)
    {
        var folder = TestFolder.New("load");
        await File.WriteAllTextAsync(Path.Combine(folder, "components.yaml"), Components, ct);
        var (app, forwarder, sidecar) = (AnyPort.Next(), AnyPort.Next(), AnyPort.Next());
        using var children = new Children();
        children.Start(typeof(Hop).Assembly.Location, "app", $"http://127.0.0.1:{app}");
        children.Start(typeof(Hop).Assembly.Location, "forwarder", $"http://127.0.0.1:{forwarder}", $"http://127.0.0.1:{app}");
        children.Start(Repository.At("local/Sidecar/bin/Debug/net10.0/Ticketing.Sidecar.dll"),
            "--app-id", "app", "--app-port", $"{app}", "--dapr-http-port", $"{sidecar}", "--dapr-grpc-port", $"{AnyPort.Next()}",
            "--resources-path", folder);
        using var hop = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{forwarder}") };
        using var dapr = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{sidecar}") };
        await Answers(hop, "/thing", ct);
        await Answers(dapr, "/v1.0/healthz", ct);

        var table = new StringBuilder("| operation | clients | p50 | p99 | sidecar p50 / p99 | hop p50 / p99 |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (var operation in Operations(dapr, hop))
        {
            foreach (var clients in Clients)
            {
                var row = await Compare(operation, clients, ct);
                Console.WriteLine(row);
                table.Append(row).Append('\n');
            }
        }

        MeasuredPage.Write("sidecar", table.ToString());
        return 0;
    }

    /// <summary>One thing done in both ways by one client: it returns how long the part that counts took.</summary>
    sealed record Operation(string Name, Func<int, CancellationToken, Task<TimeSpan>> Sidecar, Func<int, CancellationToken, Task<TimeSpan>> Hop);

    static IEnumerable<Operation> Operations(HttpClient dapr, HttpClient hop)
    {
        Task<TimeSpan> Get(HttpClient http, string path, CancellationToken ct) => Timed(http, () => new(HttpMethod.Get, path), ct);
        Task<TimeSpan> Post(HttpClient http, string path, string body, CancellationToken ct) => Timed(http, () => new(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        }, ct);

        yield return new("state get",
            (client, ct) => Get(dapr, $"/v1.0/state/statestore/{client}", ct), (_, ct) => Get(hop, "/thing", ct));
        yield return new("state save with ETag",
            async (client, ct) =>
            {
                var etag = await ETag(dapr, $"/v1.0/state/statestore/{client}", ct);
                return await Post(dapr, "/v1.0/state/statestore", Save($"{client}", etag), ct);
            },
            async (client, ct) =>
            {
                var etag = await ETag(hop, "/thing", ct);
                return await Post(hop, "/thing", Save($"{client}", etag), ct);
            });
        yield return new("publish, one subscriber",
            (_, ct) => Post(dapr, "/v1.0/publish/pubsub/things", Hop.Payload, ct), (_, ct) => Post(hop, "/thing", Hop.Payload, ct));
        yield return new("invoke",
            (_, ct) => Get(dapr, "/v1.0/invoke/app/method/thing", ct), (_, ct) => Get(hop, "/thing", ct));
    }

    // First-write, as the services save: an ETag that is not the newest is refused.
    static string Save(string key, string? etag)
    {
        var guard = etag is null ? "" : $",\"etag\":\"{etag}\",\"options\":{{\"concurrency\":\"first-write\"}}";
        return $"[{{\"key\":\"{key}\",\"value\":{Hop.Payload}{guard}}}]";
    }

    static async Task<string?> ETag(HttpClient http, string path, CancellationToken ct)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
        return answer.Headers.NonValidated.TryGetValues("ETag", out var etag) ? etag.ToString().Trim('"') : null;
    }

    static async Task<TimeSpan> Timed(HttpClient http, Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using var request = make();
        var from = Stopwatch.GetTimestamp();
        using var answer = await http.SendAsync(request, ct);
        var taken = Stopwatch.GetElapsedTime(from);
        answer.EnsureSuccessStatusCode();
        return taken;
    }

    static async Task<string> Compare(Operation operation, int clients, CancellationToken ct)
    {
        // Every client's document is there before the first read.
        for (var client = 0; client < clients; client++) await operation.Sidecar(client, ct);
        await Drive(operation.Sidecar, clients, WarmUp, ct);
        await Drive(operation.Hop, clients, WarmUp, ct);
        var (sidecar, hop) = (new Latencies(), new Latencies());
        for (var round = 0; round < Rounds; round++)
        {
            var sidecarFirst = round % 2 == 0;
            if (sidecarFirst) sidecar.Add(await Drive(operation.Sidecar, clients, Turn, ct));
            hop.Add(await Drive(operation.Hop, clients, Turn, ct));
            if (!sidecarFirst) sidecar.Add(await Drive(operation.Sidecar, clients, Turn, ct));
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"| {operation.Name} | {clients} | **{sidecar.P50 / hop.P50:0.00}×** | {sidecar.P99 / hop.P99:0.00}× | {sidecar.P50:0.00} / {sidecar.P99:0.00} ms | {hop.P50:0.00} / {hop.P99:0.00} ms |");
    }

    static async Task<Latencies> Drive(
        Func<int, CancellationToken, Task<TimeSpan>> work, int clients, TimeSpan span, CancellationToken ct)
    {
        var latencies = new Latencies();
        await Pace.Flat(clients, span, async client => latencies.Add(await work(client, ct)), ct);
        return latencies;
    }

    static async Task Answers(HttpClient http, string path, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), ct);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                // It has not come up yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), ct);
        }
    }
}
