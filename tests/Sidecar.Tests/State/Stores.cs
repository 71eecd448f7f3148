using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>A sidecar over each kind of store, all under the name "store".</summary>
static class Stores
{
    public static TheoryData<string> All => ["memory", "sqlite"];

    public static async Task<TestSidecar> StartAsync(string store, FakeTimeProvider? clock = null)
    {
        var host = clock is null ? null : new SidecarHost(KnownComponents.Registry, clock);
        return await TestSidecar.StartAsync(await YamlOf(store), host: host);
    }

    static async Task<string> YamlOf(string store) => store switch
    {
        "memory" => Yaml.Component("store", "state.in-memory"),
        "sqlite" => Yaml.Component("store", "state.sqlite", ("connectionString", "data.db")),
        _ => throw new ArgumentOutOfRangeException(nameof(store), await Task.FromResult(store), null),
    };

    /// <summary>An ETag of the right kind that no item has.</summary>
    public static string SomeETag(string store) => store is "redis" or "postgres1" ? "77" : "5b3ec5ee-4b2b-4b9a-8c4b-0f6c5ae6a9d1";

    /// <summary>Servers have clocks of their own.</summary>
    public static Task PassAsync(string store, FakeTimeProvider clock, TimeSpan time)
    {
        clock.Advance(time);
        return store is "memory" or "sqlite" ? Task.CompletedTask : Task.Delay(time);
    }
}
