using System.Net.Sockets;
using System.Text.Json.Nodes;
using Npgsql;

namespace Ticketing.Testing;

/// <summary>A Redis, a RabbitMQ and a PostgreSQL server with the shop's settings, each started when first used.</summary>
/// <param name="root">The checkout whose components are copied.</param>
public sealed class RealServers(string root) : IAsyncDisposable
{
    /// <summary>Virtual hosts with their queues, one for each shop.</summary>
    const int VirtualHosts = 8;

    readonly Lazy<Task<RealServer>> _redis = new(RealServer.Redis), _postgres = new(StartPostgres),
        _rabbit = new(() => StartRabbit(root));

    int _virtualHosts;

    /// <param name="set">The set of components that uses the server.</param>
    public Task<RealServer> Of(string set) => set switch
    {
        "redis" => _redis.Value,
        "rabbitmq" => _rabbit.Value,
        "postgres" => _postgres.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(set), set, "It has no server."),
    };

    /// <summary>
    /// A copy of a set of components in which only the server's address is changed, as an operator would; the server is
    /// emptied first.
    /// </summary>
    /// <returns>The folder.</returns>
    public async Task<string> CleanComponents(string set) => set switch
    {
        "redis" => Copy(set, "localhost:6379", await FreshRedis()),
        "rabbitmq" => Copy(set, "localhost:5672", await FreshRabbit()),
        "postgres" => Copy(set, "host=localhost port=5432", await FreshPostgres()),
        _ => FolderOf(set),
    };

    /// <summary>Why the server of a set cannot be started on this machine; null if it can, or if it needs none.</summary>
    public static string? WhyNot(string set) => set switch
    {
        "redis" => RealServer.WhyNoRedis,
        "rabbitmq" => RealServer.WhyNoRabbit,
        "postgres" => RealServer.WhyNoPostgres,
        _ => null,
    };

    string FolderOf(string set) => Path.Combine(root, "components", set);

    async Task<string> FreshRedis()
    {
        var server = await Of("redis");
        using var client = new TcpClient("127.0.0.1", server.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("FLUSHALL\r\n"u8.ToArray());
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer);
        if (!answer.SequenceEqual("+OK\r\n"u8.ToArray())) throw new InvalidOperationException("Redis was not emptied.");
        return $"127.0.0.1:{server.Port}";
    }

    async Task<string> FreshRabbit() =>
        $"127.0.0.1:{(await Of("rabbitmq")).Port}/{VirtualHost(Interlocked.Increment(ref _virtualHosts))}";

    async Task<string> FreshPostgres()
    {
        var server = await Of("postgres");
        await Execute(server, "DROP DATABASE IF EXISTS ticketing WITH (FORCE)");
        await Execute(server, "CREATE DATABASE ticketing OWNER ticketing");
        return $"host=127.0.0.1 port={server.Port}";
    }

    string Copy(string set, string address, string ours)
    {
        var folder = TestFolder.New(set);
        foreach (var file in Directory.GetFiles(FolderOf(set), "*.yaml"))
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)),
                File.ReadAllText(file).Replace(address, ours, StringComparison.Ordinal));
        return folder;
    }

    static string VirtualHost(int number) => number <= VirtualHosts
        ? $"shop{number}" : throw new InvalidOperationException($"There are {VirtualHosts} virtual hosts only.");

    /// <summary>Imports <c>definitions.json</c> into each virtual host.</summary>
    static async Task<RealServer> StartRabbit(string root)
    {
        var server = await RealServer.Rabbit();
        await server.ImportToRabbit(Definitions(root));
        return server;
    }

    static string Definitions(string root)
    {
        var shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "components/rabbitmq/definitions.json")))!;
        var hosts = Enumerable.Range(1, VirtualHosts).Select(VirtualHost).ToList();
        var all = new JsonObject();
        foreach (var (section, items) in shipped.AsObject())
            all[section] = new JsonArray([.. hosts.SelectMany(host => items!.AsArray().Select(item => In(host, item!)))]);
        all["permissions"] = new JsonArray([.. hosts.Select(JsonNode (host) => new JsonObject
        {
            ["user"] = "guest", ["vhost"] = host, ["configure"] = ".*", ["write"] = ".*", ["read"] = ".*",
        })]);
        return all.ToJsonString();
    }

    static JsonNode In(string virtualHost, JsonNode item)
    {
        var copy = item.DeepClone();
        copy[copy["vhost"] is null ? "name" : "vhost"] = virtualHost;
        return copy;
    }

    static async Task<RealServer> StartPostgres()
    {
        var server = await RealServer.Postgres();
        for (var ready = false; !ready; ready = await IsReady(server)) ;
        await Execute(server, "CREATE ROLE ticketing LOGIN PASSWORD 'ticketing'");
        return server;
    }

    static async Task<bool> IsReady(RealServer server)
    {
        try
        {
            await Execute(server, "SELECT 1");
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.CannotConnectNow)
        {
            return false;
        }
    }

    static async Task Execute(RealServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in new[] { _redis, _rabbit, _postgres })
            if (server.IsValueCreated && server.Value.IsCompletedSuccessfully)
                await (await server.Value).DisposeAsync();
    }
}
