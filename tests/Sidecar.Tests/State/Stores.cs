using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>A sidecar over each kind of store, all under the name "store".</summary>
static class Stores
{
    public static TheoryData<string> All => ["memory", "sqlite", "redis", "postgres"];

    public static async Task<TestSidecar> StartAsync(string store, FakeTimeProvider? clock = null)
    {
        var host = clock is null ? null : new SidecarHost(KnownComponents.Registry, clock);
        // An app of its own keeps the keys of one test from those of the others.
        return await TestSidecar.StartAsync(
            await YamlOf(store), options => options with { AppId = $"{Guid.NewGuid()}" }, host);
    }

    static async Task<string> YamlOf(string store) => store switch
    {
        "memory" => Yaml.Component("store", "state.in-memory"),
        "sqlite" => Yaml.Component("store", "state.sqlite", ("connectionString", "data.db")),
        "redis" => Yaml.Component("store", "state.redis", ("redisHost", $"127.0.0.1:{await Servers.RedisAsync()}")),
        "postgres" => await PostgresAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(store), store, null),
    };

    static async Task<string> PostgresAsync() => Yaml.Component("store", "state.postgresql/v2",
        ("connectionString", $"host=127.0.0.1 port={await Servers.PostgresAsync()} user=postgres database=postgres"),
        ("tablePrefix", "v2_"));

    /// <summary>An ETag of the right kind that no item has.</summary>
    public static string SomeETag(string store) =>
        store is "redis" ? "77" : "5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1";

    /// <summary>Lets time pass until something has happened; servers have clocks of their own.</summary>
    public static async Task UntilAsync(FakeTimeProvider clock, Func<Task<bool>> happened)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await happened())
        {
            clock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(100, deadline.Token);
        }
    }
}
