using System.Text;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>What each store answers to the same requests: status and, where it tells, the reason.</summary>
public sealed class StateColumnsTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly string[] Columns = ["memory", "sqlite", "redis", "postgres"];

    // One row a request, in order, against one key; "old" is an ETag that the key once had or might have had.
    static readonly (string Request, int[] Answers)[] Table =
    [
        ("save                        ", [204, 204, 204, 204]),
        ("save etag=current           ", [204, 204, 204, 204]),
        ("save etag=old               ", [409, 409, 409, 409]),
        ("save etag=abc               ", [409, 409, 400, 409]),
        ("save etag=old last-write    ", [409, 409, 204, 409]),
        ("delete etag=old             ", [409, 409, 409, 409]),
        ("delete etag=current         ", [204, 204, 204, 204]),
        ("delete                      ", [204, 204, 204, 204]),
        ("delete etag=old             ", [409, 409, 204, 409]),
        ("save first-write            ", [204, 204, 204, 204]),
        ("save first-write            ", [409, 409, 500, 500]),
        ("save etag=current first-write", [204, 204, 204, 204]),
        ("delete etag=current         ", [204, 204, 204, 204]),
        ("save etag=old               ", [409, 409, 204, 409]),
        ("save                        ", [204, 204, 204, 204]),
        ("transaction etag=current    ", [204, 204, 204, 204]),
        ("transaction etag=old        ", [500, 500, 500, 500]),
        ("transaction first-write     ", [500, 500, 204, 500]),   // Redis ignores it, and overwrites
    ];

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task Each_store_answers_as_its_column_says(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        var column = Array.IndexOf(Columns, store);

        foreach (var (request, answers) in Table)
            Assert.Equal($"{request.Trim()} → {answers[column]}",
                $"{request.Trim()} → {await RunAsync(dapr, store, request)}");
    }

    static async Task<int> RunAsync(TestSidecar dapr, string store, string request)
    {
        var words = request.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var etag = words.FirstOrDefault(word => word.StartsWith("etag=", StringComparison.Ordinal))?[5..] switch
        {
            "current" => await ETagAsync(dapr, "k"),
            "old" => Stores.SomeETag(store),
            var other => other,
        };
        var concurrency = words.FirstOrDefault(word => word.EndsWith("-write", StringComparison.Ordinal));
        return words[0] switch
        {
            "save" => await SendAsync(dapr, HttpMethod.Post, "", Item("k", etag, concurrency)),
            "delete" => await SendAsync(dapr, HttpMethod.Delete, "/k", ifMatch: etag),
            _ => await SendAsync(dapr, HttpMethod.Post, "/transaction", Upserts(Item("k", etag, concurrency), Item("other"))),
        };
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task A_conflict_undoes_the_whole_transaction_but_not_on_redis(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        await SendAsync(dapr, HttpMethod.Post, "", Item("a"));

        Assert.Equal(500, await SendAsync(dapr, HttpMethod.Post, "/transaction",
            Upserts(Item("x"), Item("a", Stores.SomeETag(store)))));
        Assert.Equal(store == "redis" ? "1" : "", await dapr.Http.GetStringAsync("/v1.0/state/store/x", Ct));
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task A_transaction_sees_what_it_wrote_itself(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        const string body = """{"operations":[{"operation":"upsert","request":{"key":"gone","value":1}},{"operation":"delete","request":{"key":"gone"}},{"operation":"upsert","request":{"key":"twice","value":1}},{"operation":"upsert","request":{"key":"twice","value":2}}]}""";

        Assert.Equal(204, await SendAsync(dapr, HttpMethod.Post, "/transaction", body));
        Assert.Equal("", await dapr.Http.GetStringAsync("/v1.0/state/store/gone", Ct));
        Assert.Equal("2", await dapr.Http.GetStringAsync("/v1.0/state/store/twice", Ct));
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task Of_many_writers_with_one_etag_one_wins(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        await SendAsync(dapr, HttpMethod.Post, "", Item("k"));
        var etag = await ETagAsync(dapr, "k");

        var answers = await Task.WhenAll(Enumerable.Range(0,
            20).Select(_ => SendAsync(dapr, HttpMethod.Post, "", Item("k", etag: etag))));

        Assert.Equal([204, .. Enumerable.Repeat(409, 19)], answers.Order());
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task A_key_expires_and_a_save_without_ttl_ends_that_but_not_on_redis(string store)
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var dapr = await Stores.StartAsync(store, clock);
        await SendAsync(dapr, HttpMethod.Post, "?metadata.ttlInSeconds=2", Item("short"));
        await SendAsync(dapr, HttpMethod.Post, "?metadata.ttlInSeconds=2", Item("saved"));
        await SendAsync(dapr, HttpMethod.Post, "", Item("saved"));

        await Stores.UntilAsync(clock, async () => await dapr.Http.GetStringAsync("/v1.0/state/store/short", Ct) == "");

        if (store == "redis")
            await Stores.UntilAsync(clock,
                async () => await dapr.Http.GetStringAsync("/v1.0/state/store/saved", Ct) == "");
        Assert.Equal(store == "redis" ? "" : "1", await dapr.Http.GetStringAsync("/v1.0/state/store/saved", Ct));
        Assert.Equal(204, await SendAsync(dapr, HttpMethod.Post, "", Item("short", concurrency: "first-write")));
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task A_bulk_get_keeps_the_order_asked_or_the_databases(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        // One after the other: items of one request are written at the same time.
        await SendAsync(dapr, HttpMethod.Post, "", """[{"key":"a","value":1}]""");
        await SendAsync(dapr, HttpMethod.Post, "", """[{"key":"c","value":3}]""");
        using var content = new StringContent("""{"keys":["c","none","a"]}""");

        using var response = await dapr.Http.PostAsync("/v1.0/state/store/bulk", content, Ct);

        using var items = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal(store is "memory" or "redis" ? "c,none,a" : "a,c,none",
            string.Join(',', items.RootElement.EnumerateArray().Select(item => item.GetProperty("key").GetString())));
    }

    [Theory]
    [MemberData(nameof(Stores.All), MemberType = typeof(Stores))]
    public async Task Bytes_that_came_over_grpc_come_back_as_they_were(string store)
    {
        await using var dapr = await Stores.StartAsync(store);
        using var client = dapr.Client();
        byte[] bytes = [0, 255, 34, 10, 128];

        await client.SaveByteStateAsync("store", "raw", bytes, cancellationToken: Ct);

        Assert.Equal(bytes, (await client.GetByteStateAsync("store", "raw", cancellationToken: Ct)).ToArray());
    }

    static string Upserts(params string[] items) =>
        $"{{\"operations\":[{string.Join(',', items.Select(item => $"{{\"operation\":\"upsert\",\"request\":{item[1..^1]}}}"))}]}}";

    static string Item(string key, string? etag = null, string? concurrency = null) =>
        $"[{{\"key\":\"{key}\",\"value\":1"
        + (etag is null ? "" : $",\"etag\":\"{etag}\"")
        + (concurrency is null ? "" : $",\"options\":{{\"concurrency\":\"{concurrency}\"}}") + "}]";

    static async Task<string> ETagAsync(TestSidecar dapr, string key)
    {
        using var response = await dapr.Http.GetAsync($"/v1.0/state/store/{key}", Ct);
        return response.Headers.NonValidated["ETag"].ToString();
    }

    static async Task<int> SendAsync(TestSidecar dapr, HttpMethod verb, string path, string? body = null,
        string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(verb, "/v1.0/state/store" + path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await dapr.Http.SendAsync(request, Ct);
        return (int)response.StatusCode;
    }
}
