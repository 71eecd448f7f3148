using Npgsql;
using StackExchange.Redis;
using Ticketing.Sidecar.Tests.State;

namespace Ticketing.Conformance;

/// <summary>An empty database for each case, on servers that all cases share.</summary>
static class CleanServers
{
    static int databases;

    /// <returns><c>host:port</c></returns>
    public static async Task<string> Redis()
    {
        var address = $"127.0.0.1:{await Servers.RedisAsync()}";
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{address},allowAdmin=true");
        await redis.GetServer(address).FlushAllDatabasesAsync();
        return address;
    }

    /// <returns>A connection string.</returns>
    public static async Task<string> Postgres(CancellationToken ct)
    {
        var server = $"host=127.0.0.1 port={await Servers.PostgresAsync()} user=postgres";
        var name = $"conformance{Interlocked.Increment(ref databases)}";
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={await Servers.PostgresAsync()};Username=postgres;Database=postgres;Pooling=false");
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(ct);
        return $"{server} database={name}";
    }
}
