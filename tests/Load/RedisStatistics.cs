using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Ticketing.Load;

/// <summary>Redis's own counters.</summary>
sealed class RedisStatistics(int port)
{
    const string Calls = "calls=";

    // What connections do to live, and what a script does inside one command of a client.
    static readonly string[] NotAsked =
        ["ping", "info", "client", "hello", "auth", "select", "config", "command", "subscribe", "echo", "cluster", "hset", "hdel", "hexists", "expire", "persist"];

    /// <returns>How many commands its clients have sent so far, without those that only keep a connection.</returns>
    public async Task<long> Commands(CancellationToken ct)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync("INFO commandstats\r\nQUIT\r\n"u8.ToArray(), ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var text = await reader.ReadToEndAsync(ct);
        return text.Split("\r\n").Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Where(line => !NotAsked.Contains(line["cmdstat_".Length..line.IndexOf(':', StringComparison.Ordinal)].Split('|')[0]))
            .Sum(line => long.Parse(line[(line.IndexOf(Calls, StringComparison.Ordinal) + Calls.Length)..line.IndexOf(',', StringComparison.Ordinal)], CultureInfo.InvariantCulture));
    }
}
