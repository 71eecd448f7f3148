using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>A real server of one test, on a free port in a temporary directory, that can be killed and started
/// again.</summary>
sealed class RealServer : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);

    readonly Func<ProcessStartInfo> _command;
    readonly Func<Process, int> _victim;
    readonly string _folder;
    Process _process = null!;

    RealServer(int port, string folder, Func<ProcessStartInfo> command, Func<Process, int> victim) =>
        (Port, _folder, _command, _victim) = (port, folder, command, victim);

    public int Port { get; }

    /// <summary>Every write is on the disk before it is answered.</summary>
    public static async Task<RealServer> RedisAsync()
    {
        Assert.SkipUnless(IsInstalled("redis-server"), "redis-server is not installed (apt-get install redis-server)");
        var (port, folder) = (FreePort.Or(0), Directory.CreateTempSubdirectory("redis-").FullName);
        var server = new RealServer(port, folder, () => new("redis-server",
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder,
            "--save", "", "--appendonly", "yes", "--appendfsync", "always",
        ]), process => process.Id);
        await server.StartAsync();
        return server;
    }

    /// <summary>Debian's package runs it as its own user, in a process that is none of ours: known by its node's
    /// name.</summary>
    public static async Task<RealServer> RabbitAsync()
    {
        Assert.SkipUnless(
            IsInstalled("rabbitmq-server"), "rabbitmq-server is not installed (apt-get install rabbitmq-server)");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root may start Debian's rabbitmq-server");
        var (port, folder) = (FreePort.Or(0), Directory.CreateTempSubdirectory("rabbit-").FullName);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var node = $"n{port}@localhost";
        var server = new RealServer(port, folder, () => new("rabbitmq-server")
        {
            Environment =
            {
                ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
                ["RABBITMQ_NODENAME"] = node,
                ["RABBITMQ_NODE_PORT"] = $"{port}",
                ["RABBITMQ_DIST_PORT"] = $"{FreePort.Or(0)}",
                ["RABBITMQ_MNESIA_BASE"] = folder,
                ["RABBITMQ_LOG_BASE"] = folder,
            },
        }, _ => Broker(node));
        await server.StartAsync();
        return server;
    }

    static int Broker(string node) => Process.GetProcessesByName("beam.smp").Select(process => process.Id)
        .Single(id => File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains($"RABBITMQ_NODENAME={node}"));

    public async Task StartAsync()
    {
        var start = _command();
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(StartMax);
        while (!await IsListeningAsync(deadline.Token)) await Task.Delay(TimeSpan.FromMilliseconds(50), deadline.Token);
    }

    async Task<bool> IsListeningAsync(CancellationToken ct)
    {
        Assert.False(_process.HasExited, "the server ended by itself");
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        using (var victim = Process.GetProcessById(_victim(_process))) victim.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>The server of one class of tests, started by the first that needs it.</summary>
public abstract class ServerFixture : IAsyncDisposable
{
    readonly Lazy<Task<RealServer>> _server;

    private protected ServerFixture(Func<Task<RealServer>> start) => _server = new(start);

    internal Task<RealServer> GetAsync() => _server.Value;

    public async ValueTask DisposeAsync()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully) await (await _server.Value).DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
