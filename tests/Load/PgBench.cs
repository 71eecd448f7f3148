using System.Globalization;
using System.Text.RegularExpressions;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>A PostgreSQL of its own with ten thousand rows, updated one at a time by PostgreSQL's benchmark.</summary>
sealed partial class PgBench(RealServers servers, int port) : IAsyncDisposable
{
    const int Rows = 10_000;

    public static async Task<PgBench> Start(CancellationToken ct)
    {
        var servers = new RealServers(Repository.Root);
        var bench = new PgBench(servers, (await servers.Of("postgres")).Port);
        await Command.Run(Repository.Root, ct, ["psql", .. bench.Server, "-q", "-c",
            $"CREATE TABLE rows AS SELECT i AS id, 0 AS n FROM generate_series(1, {Rows}) i; ALTER TABLE rows ADD PRIMARY KEY (id)"]);
        return bench;
    }

    string[] Server => ["-h", "127.0.0.1", "-p", $"{port}", "-U", "postgres", "-d", "postgres"];

    public async Task<double> UpdatesPerSecond(int clients, TimeSpan span, CancellationToken ct)
    {
        var script = Path.Combine(TestFolder.New("pgbench"), "update.sql");
        await File.WriteAllTextAsync(script, $"\\set id random(1, {Rows})\nUPDATE rows SET n = n + 1 WHERE id = :id;\n", ct);
        var said = await Command.Run(Repository.Root, ct,
            ["pgbench", .. Server, "-n", "-M", "prepared", "-c", $"{clients}", "-T", $"{(int)span.TotalSeconds}", "-f", script]);
        return double.Parse(Rate().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => servers.DisposeAsync();

    [GeneratedRegex(@"tps = (\d+\.?\d*)")]
    private static partial Regex Rate();
}
