using Npgsql;
using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>The tables are daprd's.</summary>
public sealed class PostgresStateTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tables_are_laid_out_as_daprd_lays_them_out()
    {
        await using var first = await StartAsync(("tablePrefix", "lay_v2_"), ("metadataTableName", "meta_v2"));
        await using var again = await StartAsync(("tablePrefix", "lay_v2_"), ("metadataTableName", "meta_v2"));

        Assert.Equal(
            "created_at timestamp with time zone, etag uuid, expires_at timestamp with time zone, key text, row_id bigint, updated_at timestamp with time zone, value bytea",
            await ScalarAsync("SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name) FROM information_schema.columns WHERE table_name = 'lay_v2_state'"));
        Assert.Equal("lock=lock, migrations-state-v2-lay_v2_=2",
            await ScalarAsync("SELECT string_agg(key || '=' || value, ', ' ORDER BY key) FROM meta_v2"));
    }

    [Theory]
    [InlineData("a\"b")]
    [InlineData("5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9dX")]
    public async Task What_is_no_etag_is_a_conflict(string etag)
    {
        await using var dapr = await StartAsync();

        var (status, body) = await SendAsync(dapr, HttpMethod.Delete, "/k", ifMatch: etag);

        Assert.Equal(409, status);
        Assert.StartsWith("{\"errorCode\":\"ERR_STATE_DELETE\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_etag_in_quotes_is_taken()
    {
        await using var dapr = await StartAsync();
        await SendAsync(dapr, HttpMethod.Post, "", """[{"key":"k","value":1}]""");
        using var found = await dapr.Http.GetAsync("/v1.0/state/store/k", Ct);
        var etag = found.Headers.NonValidated["Etag"].ToString();

        Assert.Equal(204, (await SendAsync(dapr, HttpMethod.Delete, "/k", ifMatch: $"\"{etag}\"")).Status);
    }

    [Fact]
    public async Task Sidecars_that_start_together_make_the_tables_once()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 4)
            .Select(_ => StartAsync(("tablePrefix", "race_v2"), ("metadataTableName", "race_meta_v2"))));

        foreach (var dapr in started) await dapr.DisposeAsync();
    }

    [Fact]
    public async Task The_pool_of_a_sidecar_is_bounded_by_maxConns()
    {
        await using var dapr = await StartAsync(("tablePrefix", "pool_v2_"), ("maxConns", "3"));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => SendAsync(dapr, HttpMethod.Post, "",
            $$"""[{"key":"k{{n % 50}}","value":"{{new string('v', 20_000)}}"}]""")));

        Assert.InRange(int.Parse((await ScalarAsync(
            $"SELECT count(*)::text FROM pg_stat_activity WHERE application_name = '{dapr.Sidecar.Options.AppId}'"))!, null), 1, 3);
    }

    [Fact]
    public async Task Sidecars_that_could_ask_for_more_than_the_server_allows_do_not_start()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var first = await StartAsync(host, ("maxConns", "60"));

        var error = await Assert.ThrowsAsync<ResourceException>(() => StartAsync(host, ("maxConns", "60")));

        Assert.Contains("spec.metadata.maxConns: 2 sidecars here may open 120 connections", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("which allows 97", error.Message, StringComparison.Ordinal);
        await using (await StartAsync(host, ("maxConns", "37")))
        {
            // 97 in sum is allowed.
        }
        await using var again = await StartAsync(host, ("maxConns", "37"));
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_the_start()
    {
        var error = await Assert.ThrowsAsync<ResourceException>(() => TestSidecar.StartAsync(
            Yaml.Component("store", "state.postgresql/v2",
                ("connectionString", "host=127.0.0.1 port=1 user=x database=x"))));

        Assert.Contains("Component store (state.postgresql/v2): spec.metadata.connectionString: failed to ping the database: ", error.Message,
            StringComparison.Ordinal);
    }

    static Task<TestSidecar> StartAsync(params (string, string)[] metadata) => StartAsync(null, metadata);

    static async Task<TestSidecar> StartAsync(SidecarHost? host, params (string, string)[] metadata) =>
        await TestSidecar.StartAsync(
        Yaml.Component("store", "state.postgresql/v2",
            [("connectionString", await ConnectionAsync()), .. metadata.Length > 0 ? metadata : [("tablePrefix", "v2_")]]),
        options => options with { AppId = $"{Guid.NewGuid()}" }, host);

    static async Task<string> ConnectionAsync() =>
        $"host=127.0.0.1 port={await Servers.PostgresAsync()} user=postgres database=postgres";

    static async Task<string?> ScalarAsync(string sql)
    {
        await using var database = NpgsqlDataSource
            .Create($"Host=127.0.0.1;Port={await Servers.PostgresAsync()};Username=postgres;Database=postgres;Pooling=false");
        await using var command = database.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync(Ct);
    }

    static async Task<(int Status, string Body)> SendAsync(TestSidecar dapr, HttpMethod verb, string path,
        string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(verb, "/v1.0/state/store" + path);
        if (body is not null) request.Content = new StringContent(body);
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var response = await dapr.Http.SendAsync(request, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
