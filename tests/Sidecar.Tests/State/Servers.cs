using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

[assembly: AssemblyFixture(typeof(Ticketing.Sidecar.Tests.State.Servers))]

namespace Ticketing.Sidecar.Tests.State;

/// <summary>
/// Real servers for the tests of this assembly: one each, on a free port in a temporary directory, stopped at the end.
/// </summary>
public sealed class Servers : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    static readonly ConcurrentBag<(Process Process, string Folder)> Started = [];

    static readonly Lazy<Task<int>> RedisPort = new(StartRedisAsync);

    static readonly Lazy<Task<int>> PostgresPort = new(StartPostgresAsync);

    public static Task<int> RedisAsync()
    {
        Assert.SkipUnless(Find("redis-server") is not null,
            "redis-server is not installed (apt-get install redis-server)");
        return RedisPort.Value;
    }

    public static Task<int> PostgresAsync()
    {
        Assert.SkipUnless(Find("initdb") is not null, "postgres is not installed (apt-get install postgresql)");
        return PostgresPort.Value;
    }

    static async Task<int> StartRedisAsync()
    {
        var (port, folder) = (FreePort(), Directory.CreateTempSubdirectory("redis-").FullName);
        Start(folder, Find("redis-server")!, "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly",
            "no", "--dir", folder);
        await ListeningAsync(port);
        return port;
    }

    // PostgreSQL does not run as root: there it runs as the user that its package makes.
    static async Task<int> StartPostgresAsync()
    {
        var (port, folder) = (FreePort(), Directory.CreateTempSubdirectory("postgres-").FullName);
        string[] as_ = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        if (as_.Length > 0) await RunAsync("chown", "postgres", folder);
        var data = Path.Combine(folder, "data");
        await RunAsync([.. as_, Find("initdb")!, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]);
        Start(folder, [.. as_, Find("postgres")!, "-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder, "-F"]);
        await ListeningAsync(port);
        return port;
    }

    static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories(
        "/usr/lib/postgresql").OrderDescending().Select(version => $"{version}/bin") : [])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static void Start(string folder, params string[] command)
    {
        var process = Process.Start(Quiet(command))!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Started.Add((process, folder));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, folder) in Started)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(Quiet(command))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}: {await errors}{await output}");
    }

    static ProcessStartInfo Quiet(string[] command) =>
        new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };

    static async Task ListeningAsync(int port)
    {
        using var deadline = new CancellationTokenSource(StartMax);
        while (true)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
