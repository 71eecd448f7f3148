using Npgsql;
using Ticketing.Sidecar.Resources;
using Ticketing.Sidecar.State.Postgres;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>The tables are daprd's, in both versions, and so are the refusals of what is no ETag.</summary>
public sealed class PostgresStateTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1", "tableName", "lay_v1",
        "expiredate timestamp with time zone, insertdate timestamp with time zone, isbinary boolean, key text, row_id bigint, updatedate timestamp with time zone, value jsonb", "migrations=3")]
    [InlineData("v2", "tablePrefix", "lay_v2_",
        "created_at timestamp with time zone, etag uuid, expires_at timestamp with time zone, key text, row_id bigint, updated_at timestamp with time zone, value bytea", "migrations-state-v2-lay_v2_=2")]
    public async Task The_tables_are_laid_out_as_daprd_lays_them_out(string version, string field, string name,
        string columns, string level)
    {
        await using var first = await StartAsync(version, (field, name), ("metadataTableName", $"meta_{version}"));
        await using var again = await StartAsync(version, (field, name), ("metadataTableName", $"meta_{version}"));

        Assert.Equal(columns, await ScalarAsync($"SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_name) FROM information_schema.columns WHERE table_name = '{name}{(version == "v2" ? "state" : "")}'"));
        Assert.Equal($"lock=lock, {level}",
            await ScalarAsync($"SELECT string_agg(key || '=' || value, ', ' ORDER BY key) FROM meta_{version}"));
    }

    [Theory]
    [InlineData("v1", """{"a": 1, "b": "<x>"}""")]
    [InlineData("v2", """{"a":1,"b":"\u003cx\u003e"}""")]
    public async Task Version_one_gives_back_what_the_database_prints_version_two_the_bytes(string version,
        string stored)
    {
        await using var dapr = await StartAsync(version);

        await SendAsync(dapr, HttpMethod.Post, "", """[{"key":"k","value":{"b":"<x>","a":1}}]""");

        Assert.Equal((200, stored), await SendAsync(dapr, HttpMethod.Get, "/k"));
    }

    [Theory]
    [InlineData("v1", 400, "invalid etag value: strconv.ParseUint: parsing \\\"a\\\\\\\"b\\\": invalid syntax")]
    [InlineData("v2", 409, "possible etag mismatch. error from state store: invalid UUID length: 3")]
    public async Task What_is_no_etag_is_refused_in_the_words_of_its_parser(string version, int status, string reason)
    {
        await using var dapr = await StartAsync(version);

        Assert.Equal((status, $$"""{"errorCode":"ERR_STATE_DELETE","message":"failed deleting state with key k: {{reason}}"}"""),
            await SendAsync(dapr, HttpMethod.Delete, "/k", ifMatch: "a\"b"));
    }

    [Theory]
    [InlineData("v1", "tableName")]
    [InlineData("v2", "tablePrefix")]
    public async Task Sidecars_that_start_together_make_the_tables_once(string version, string field)
    {
        var name = $"race_{version}";

        var started = await Task.WhenAll(Enumerable.Range(0,
            4).Select(_ => StartAsync(version, (field, name), ("metadataTableName", $"race_meta_{version}"))));

        foreach (var dapr in started) await dapr.DisposeAsync();
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

    [Fact]
    public async Task A_url_and_single_fields_make_a_connection_too()
    {
        var port = await Servers.PostgresAsync();
        await using var dapr = await TestSidecar.StartAsync(Yaml.Component("store", "state.postgresql/v2",
            ("url", $"postgres://postgres:any@127.0.0.1:{port}/nosuch?sslmode=disable"), ("database", "postgres"),
                ("tablePrefix", "url_")));

        Assert.Equal(204, (await SendAsync(dapr, HttpMethod.Post, "", """[{"key":"k","value":1}]""")).Status);
    }

    [Theory]
    [InlineData("5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1", null)]
    [InlineData("5B3EC5EE4B2B4B9A8C4B0F6C5AE6A9D1", null)]
    [InlineData("{5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1}", null)]
    [InlineData("\"5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1\"", null)]
    [InlineData("urn:uuid:5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1", null)]
    [InlineData("abc", "invalid UUID length: 3")]
    [InlineData("5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9dX", "invalid UUID format")]
    public void A_uuid_is_taken_in_all_of_gos_forms(string text, string? wrong) =>
        Assert.Equal(wrong, GoUuid.Parse(text, out _));

    static async Task<TestSidecar> StartAsync(string version, params (string, string)[] metadata) =>
        await TestSidecar.StartAsync(
        Yaml.Component("store", $"state.postgresql/{version}",
            [("connectionString", await ConnectionAsync()), ("keyPrefix", $"{Guid.NewGuid()}"),
                .. metadata.Length > 0
                ? metadata
                : [version == "v1" ? ("tableName", "state_v1") : ("tablePrefix", "v2_")]]));

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
