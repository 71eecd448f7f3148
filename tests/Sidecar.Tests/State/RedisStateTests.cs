using StackExchange.Redis;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>
/// What lies in Redis is what daprd puts there, and what Redis says of a conflict is what daprd's callers read.
/// </summary>
public sealed class RedisStateTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_is_a_hash_of_data_and_version_under_the_prefixed_key()
    {
        var (dapr, redis, prefix) = await StartAsync();
        await using var _ = dapr;

        await SaveAsync(dapr, """[{"key":"k","value":{"b":1,"a":"<x>"}}]""");
        await SaveAsync(dapr, """[{"key":"first","value":1,"options":{"concurrency":"first-write"}}]""");

        Assert.Equal("data={\"a\":\"<x>\",\"b\":1} version=1", Fields(await redis.HashGetAllAsync($"{prefix}||k")));
        Assert.Equal("data=1 first-write=0 version=1", Fields(await redis.HashGetAllAsync($"{prefix}||first")));
    }

    [Fact]
    public async Task An_item_that_daprd_wrote_is_read_and_one_that_is_a_plain_string_too()
    {
        var (dapr, redis, prefix) = await StartAsync();
        await using var _ = dapr;
        await redis.HashSetAsync($"{prefix}||theirs", [new("data", "\"x\""), new("version", 7)]);
        await redis.StringSetAsync($"{prefix}||old", "plain");

        using var theirs = await dapr.Http.GetAsync("/v1.0/state/store/theirs", Ct);

        Assert.Equal("\"x\"", await theirs.Content.ReadAsStringAsync(Ct));
        Assert.Equal("7", theirs.Headers.NonValidated["ETag"].ToString());
        Assert.Equal("plain", await dapr.Http.GetStringAsync("/v1.0/state/store/old", Ct));
    }

    [Fact]
    public async Task A_conflict_names_the_script_by_the_hash_of_daprds_own()
    {
        var (dapr, _, prefix) = await StartAsync();
        await using var __ = dapr;
        await SaveAsync(dapr, """[{"key":"k","value":1}]""");

        var (status, body) = await SaveAsync(dapr, """[{"key":"k","value":2,"etag":"9"}]""");

        Assert.Equal(409, status);
        Assert.Contains($"failed to set key {prefix}||k", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_the_start()
    {
        var error = await Assert.ThrowsAsync<Resources.ResourceException>(() => TestSidecar.StartAsync(
            Yaml.Component("store", "state.redis", ("redisHost", "127.0.0.1:1"), ("redisMaxRetries", "0"),
                ("dialTimeout", "500"))));

        Assert.Contains("Component store (state.redis/v1): spec.metadata.redisHost: redis store: error connecting to redis at 127.0.0.1:1:",
            error.Message, StringComparison.Ordinal);
    }

    static async Task<(TestSidecar Dapr, IDatabase Redis, string Prefix)> StartAsync()
    {
        var port = await Servers.RedisAsync();
        var prefix = $"{Guid.NewGuid()}";
        var dapr = await TestSidecar.StartAsync(
            Yaml.Component("store", "state.redis", ("redisHost", $"127.0.0.1:{port}")),
            options => options with { AppId = prefix });
        var connection = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port}");
        return (dapr, connection.GetDatabase(), prefix);
    }

    static async Task<(int Status, string Body)> SaveAsync(TestSidecar dapr, string body, string path = "")
    {
        using var content = new StringContent(body);
        using var response = await dapr.Http.PostAsync("/v1.0/state/store" + path, content, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    static string Fields(HashEntry[] hash) =>
        string.Join(' ', hash.OrderBy(field => (string?)field.Name,
            StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value}"));
}
