using System.Collections.Concurrent;
using Ticketing.Testing;

[assembly: AssemblyFixture(typeof(Ticketing.Testing.TestFolders))]
[assembly: AssemblyFixture(typeof(Ticketing.Sidecar.Tests.State.Servers))]

namespace Ticketing.Sidecar.Tests.State;

/// <summary>Real servers for the tests of this assembly, one of each, stopped at the end.</summary>
public sealed class Servers : IAsyncDisposable
{
    static readonly ConcurrentBag<RealServer> Started = [];
    static readonly Lazy<Task<int>> RedisPort = new(() => StartAsync(RealServer.Redis()));
    static readonly Lazy<Task<int>> PostgresPort = new(() => StartAsync(RealServer.Postgres()));

    public static Task<int> RedisAsync()
    {
        Assert.SkipWhen(RealServer.WhyNoRedis is not null, RealServer.WhyNoRedis ?? "");
        return RedisPort.Value;
    }

    public static Task<int> PostgresAsync()
    {
        Assert.SkipWhen(RealServer.WhyNoPostgres is not null, RealServer.WhyNoPostgres ?? "");
        return PostgresPort.Value;
    }

    static async Task<int> StartAsync(Task<RealServer> starting)
    {
        var server = await starting;
        Started.Add(server);
        return server.Port;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Started) await server.DisposeAsync();
    }
}
