using Npgsql;
using Ticketing.Testing;

namespace Ticketing.Conformance;

/// <summary>An empty server, or an empty part of a shared one, for each case.</summary>
static class CleanServers
{
    /// <summary>A virtual host for each case that needs a broker, made at once: the tool for it starts slowly.</summary>
    const int VirtualHosts = 80;

    static readonly Lazy<Task<RealServer>> Broker = new(StartBrokerAsync);
    static readonly Lazy<Task<RealServer>> Database = new(RealServer.Postgres);

    /// <summary>Two servers that start at once might choose one port.</summary>
    static readonly SemaphoreSlim Starting = new(1);

    static int databases;
    static int hosts;

    public static async Task<RealServer> Redis(CancellationToken ct)
    {
        Assert.SkipWhen(RealServer.WhyNoRedis is not null, RealServer.WhyNoRedis ?? "");
        await Starting.WaitAsync(ct);
        try
        {
            return await RealServer.Redis();
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <returns>A connection string.</returns>
    public static async Task<string> Postgres(CancellationToken ct)
    {
        Assert.SkipWhen(RealServer.WhyNoPostgres is not null, RealServer.WhyNoPostgres ?? "");
        var port = (await Database.Value).Port;
        var name = $"conformance{Interlocked.Increment(ref databases)}";
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Pooling=false");
        await using var create = source.CreateCommand($"CREATE DATABASE {name}");
        await create.ExecuteNonQueryAsync(ct);
        return $"host=127.0.0.1 port={port} user=postgres database={name}";
    }

    /// <returns>A connection string.</returns>
    public static async Task<string> Rabbit()
    {
        Assert.SkipWhen(RealServer.WhyNoRabbit is not null, RealServer.WhyNoRabbit ?? "");
        return $"amqp://guest:guest@127.0.0.1:{(await Broker.Value).Port}/case{Interlocked.Increment(ref hosts)}";
    }

    static async Task<RealServer> StartBrokerAsync()
    {
        var server = await RealServer.Rabbit();
        await server.RabbitControl("eval", $"""
            [begin V = iolist_to_binary(["case", integer_to_list(N)]), rabbit_vhost:add(V, <<"test">>),
            rabbit_auth_backend_internal:set_permissions(<<"guest">>, V, <<".*">>, <<".*">>, <<".*">>, <<"test">>) end
            || N <- lists:seq(1, {VirtualHosts})].
            """);
        return server;
    }

    public static async Task StopAsync()
    {
        foreach (var server in new[] { Broker, Database })
            if (server.IsValueCreated && server.Value.IsCompletedSuccessfully) await (await server.Value).DisposeAsync();
    }
}
