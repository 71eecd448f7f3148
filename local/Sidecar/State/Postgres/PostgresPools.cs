using Npgsql;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary>
/// The pools of the sidecars of one process, by server: in sum they must stay below what the server allows. A pool grows
/// only under load, so that a sum too large would be noticed last when it matters most.
/// </summary>
sealed class PostgresPools
{
    readonly Lock _gate = new();
    readonly Dictionary<object, (string Server, int Connections)> _pools = [];

    public static PostgresPools Of(SidecarHost host) => host.Shared(nameof(PostgresPools), () => new PostgresPools());

    /// <exception cref="MetadataException">The server does not allow so many connections.</exception>
    public async Task AddAsync(object owner, NpgsqlDataSource database, CancellationToken ct)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var server = $"{settings.Host}:{settings.Port}";
        var allowed = await AllowedAsync(database, ct);
        lock (_gate)
        {
            _pools[owner] = (server, settings.MaxPoolSize);
            var there = _pools.Values.Where(pool => pool.Server == server).Select(pool => pool.Connections).ToList();
            if (there.Sum() <= allowed) return;
            _pools.Remove(owner);
            throw new MetadataException("maxConns",
                $"{there.Count} sidecars here may open {there.Sum()} connections to {server}, which allows {allowed} "
                + "(max_connections without the reserved ones): lower maxConns or raise max_connections");
        }
    }

    public void Remove(object owner)
    {
        lock (_gate) _pools.Remove(owner);
    }

    static async Task<int> AllowedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        // reserved_connections exists from version 16 on.
        await using var command = database.CreateCommand("""
            SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                - coalesce(current_setting('reserved_connections', true)::int, 0)
            """);
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }
}
