using System.Diagnostics;
using System.Text;
using Ticketing.Sidecar.Resources;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>A store that accepts connections and does not answer.</summary>
public sealed class FrozenStoreTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The timeouts below are a second; a connection may have to be opened first.</summary>
    static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);

    // Reminders of a type are shared by all apps of a store.
    readonly string _type = $"t{Guid.NewGuid():N}";

    string Config => $$"""{"entities":["{{_type}}"]}""";

    string Remind => $"/actors/{_type}/1/method/remind/r";

    public static TheoryData<string> Kinds => ["redis", "postgres"];

    static async Task<FreezableServer> ServerAsync(string kind) =>
        new(kind == "redis" ? await Servers.RedisAsync() : await Servers.PostgresAsync());

    static string Store(string kind, int port) => kind == "redis"
        ? Yaml.Component("store", "state.redis", ("redisHost", $"127.0.0.1:{port}"), ("readTimeout", "1000"),
            ("actorStateStore", "true"))
        : Yaml.Component("store", "state.postgresql/v2", ("connectionString",
                $"host=127.0.0.1 port={port} user=postgres database=postgres Timeout=1 CommandTimeout=1"),
            ("tablePrefix", "frozen_"), ("metadataTableName", "frozen_metadata"), ("actorStateStore", "true"));

    static Task<TestSidecar> StartAsync(string kind, int port, int? appPort = null, SidecarHost? host = null) =>
        TestSidecar.StartAsync(
            Store(kind, port), options => options with { AppId = $"{Guid.NewGuid()}", AppPort = appPort }, host);

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_request_is_answered_with_the_stores_error_and_later_ones_work_again(string kind)
    {
        await using var server = await ServerAsync(kind);
        await using var dapr = await StartAsync(kind, server.Port);
        Assert.Equal(204, (await SendAsync(dapr, "POST", "", """[{"key":"k","value":1}]""")).Status);
        server.Freeze();
        var watch = Stopwatch.StartNew();

        var answers = await Task.WhenAll(
            SendAsync(dapr, "GET", "/k"),
            SendAsync(dapr, "POST", "", """[{"key":"k","value":2}]"""),
            SendAsync(dapr, "POST", "/transaction",
                """{"operations":[{"operation":"upsert","request":{"key":"k","value":3}},{"operation":"delete","request":{"key":"l"}}]}"""));

        Assert.Equal([(500, "ERR_STATE_GET"), (500, "ERR_STATE_SAVE"), (500, "ERR_STATE_TRANSACTION")], answers);
        Assert.True(watch.Elapsed < AnswerMax, $"answered after {watch.Elapsed}");
        server.Thaw();
        await Eventually.Is(async () => (await SendAsync(dapr, "GET", "/k")).Status == 200);
    }

    [Fact]
    public async Task A_server_that_is_frozen_at_the_start_is_reported_with_its_address()
    {
        await using var server = await ServerAsync("redis");
        server.Freeze();

        var refused = await Assert.ThrowsAsync<ResourceException>(() => StartAsync("redis", server.Port));

        Assert.Contains($"redisHost: redis store: error connecting to redis at 127.0.0.1:{server.Port}", refused.Message);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_reminder_whose_progress_could_not_be_saved_keeps_coming(string kind)
    {
        await using var server = await ServerAsync(kind);
        await using var app = await ScriptedApp.StartAsync(Config);
        await using var dapr = await StartAsync(kind, server.Port, app.Port);
        await Eventually.Is(() => dapr.Sidecar.Inventory.ActorRuntime().HostReady, "actors are hosted");
        await RemindAsync(dapr, $"{_type}/1/reminders/r", """{"dueTime":"0s","period":"R5/PT1S"}""");
        await app.WaitForAsync(Remind, 1);
        server.Freeze();
        await app.WaitForAsync(Remind, 3);
        server.Thaw();

        await app.WaitForAsync(Remind, 5);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Reminders_are_loaded_as_soon_as_the_store_answers(string kind)
    {
        await using var server = await ServerAsync(kind);
        await using (var before = await ScriptedApp.StartAsync(Config))
        await using (var dying = await StartAsync(kind, server.Port, before.Port))
        {
            await Eventually.Is(() => dying.Sidecar.Inventory.ActorRuntime().HostReady, "actors are hosted");
            await RemindAsync(dying, $"{_type}/1/reminders/r", """{"dueTime":"2s"}""");
        }

        await using var app = await ScriptedApp.StartAsync(Config);
        await app.DownAsync();
        await using var dapr = await StartAsync(kind, server.Port, app.Port);
        server.Freeze();
        await app.UpAsync();
        await app.WaitForAsync("/dapr/config", 1);
        // Long enough for a first attempt at the store to time out.
        await Task.Delay(TimeSpan.FromSeconds(3), Ct);
        Assert.False(dapr.Sidecar.Inventory.ActorRuntime().HostReady);
        server.Thaw();

        await app.WaitForAsync(Remind, 1);
    }

    static async Task RemindAsync(TestSidecar dapr, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await dapr.Http.PutAsync($"/v1.0/actors/{path}", content, Ct);
        response.EnsureSuccessStatusCode();
    }

    static async Task<(int Status, string Error)> SendAsync(
        TestSidecar dapr, string verb, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new(verb), "/v1.0/state/store" + path);
        if (body is not null) request.Content = new StringContent(body);
        using var response = await dapr.Http.SendAsync(request, Ct);
        var text = await response.Content.ReadAsStringAsync(Ct);
        return response.IsSuccessStatusCode
            ? ((int)response.StatusCode, "") : ErrorCode.Of(((int)response.StatusCode, text));
    }
}
