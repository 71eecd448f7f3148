using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Ticketing.Testing;

/// <summary>
/// A real server (Redis, RabbitMQ, PostgreSQL) on a free port in a temporary directory, which can be killed and started
/// again. Every write is on the disk before it is answered.
/// </summary>
public sealed partial class RealServer : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90), LookEvery = TimeSpan.FromMilliseconds(50);

    readonly Func<ProcessStartInfo> _command;
    readonly Func<Process, int> _victim;
    readonly string _folder;
    Process _process = null!;

    RealServer(int port, string folder, Func<ProcessStartInfo> command, Func<Process, int>? victim = null) =>
        (Port, _folder, _command, _victim) = (port, folder, command, victim ?? (process => process.Id));

    public int Port { get; }

    /// <summary>Why this server cannot be started on this machine; null if it can.</summary>
    public static string? WhyNoRedis => WhyNot("redis-server", "redis-server");

    /// <inheritdoc cref="WhyNoRedis"/>
    public static string? WhyNoRabbit => WhyNot("rabbitmq-server", "rabbitmq-server")
        ?? (Environment.IsPrivilegedProcess ? null : "only root may start Debian's rabbitmq-server");

    /// <inheritdoc cref="WhyNoRedis"/>
    public static string? WhyNoPostgres => WhyNot("initdb", "postgresql");

    public static async Task<RealServer> Redis()
    {
        var (port, folder) = (AnyPort.Next(), Directory.CreateTempSubdirectory("redis-").FullName);
        var server = new RealServer(port, folder, () => new(Find("redis-server")!,
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder,
            "--save", "", "--appendonly", "yes", "--appendfsync", "always",
        ]));
        await server.Start();
        return server;
    }

    /// <summary>
    /// Debian's package runs it as its own user and not as a child of this process, so its process is found by the
    /// node's name.
    /// </summary>
    public static async Task<RealServer> Rabbit()
    {
        var (port, distribution) = (AnyPort.Next(), AnyPort.Next());
        var folder = Directory.CreateTempSubdirectory("rabbit-").FullName;
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        var server = new RealServer(port, folder, () => new("rabbitmq-server")
        {
            Environment =
            {
                ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin",
                ["RABBITMQ_NODENAME"] = NodeOf(port),
                ["RABBITMQ_NODE_PORT"] = $"{port}",
                ["RABBITMQ_DIST_PORT"] = $"{distribution}",
                ["RABBITMQ_MNESIA_BASE"] = folder,
                ["RABBITMQ_LOG_BASE"] = folder,
            },
        }, _ => Broker(NodeOf(port)));
        await server.Start();
        return server;
    }

    /// <summary>
    /// Its superuser is <c>postgres</c>, without a password. As root it refuses to run, so it runs as the user that its
    /// package creates.
    /// </summary>
    public static async Task<RealServer> Postgres()
    {
        var (port, folder) = (AnyPort.Next(), Directory.CreateTempSubdirectory("postgres-").FullName);
        string[] user = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (user.Length > 0) await Run("chown", "postgres", folder);
        var data = Path.Combine(folder, "data");
        await Run([.. user, Find("initdb")!, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync"]);
        string[] command = [.. user, Find("postgres")!, "-D", data, "-p", $"{port}", "-h", "127.0.0.1", "-k", folder];
        var server = new RealServer(port, folder, () => new(command[0], command[1..]));
        await server.Start();
        return server;
    }

    /// <summary>Runs <c>rabbitmqctl</c> for this broker; returns its output.</summary>
    public Task<string> RabbitControl(params string[] arguments) =>
        Run(["rabbitmqctl", "-q", "-n", NodeOf(Port), .. arguments]);

    /// <summary>As an operator loads <c>components/rabbitmq/definitions.json</c>.</summary>
    /// <param name="definitions">JSON.</param>
    public async Task ImportToRabbit(string definitions)
    {
        // In the broker's folder, since the broker reads the file as its own user.
        var file = Path.Combine(_folder, "definitions.json");
        await File.WriteAllTextAsync(file, definitions);
        await RabbitControl("import_definitions", file);
    }

    static string NodeOf(int port) => $"n{port}@localhost";

    // A process that the broker has just forked still has its name and environment: the broker itself is the oldest.
    static int Broker(string node) => Process.GetProcessesByName("beam.smp")
        .Where(process => ProcessTree.Read(process.Id, "environ").Split('\0').Contains($"RABBITMQ_NODENAME={node}"))
        .MinBy(StartOf)!.Id;

    static DateTime StartOf(Process process)
    {
        try
        {
            return process.StartTime;
        }
        catch (InvalidOperationException)
        {
            return DateTime.MaxValue;   // it has ended meanwhile
        }
    }

    /// <summary>Starts it again after a kill, with the same data and port.</summary>
    public async Task Start()
    {
        _process = Process.Start(Quiet(_command()))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(StartMax);
        while (!await IsListening(deadline.Token)) await Task.Delay(LookEvery, deadline.Token);
    }

    async Task<bool> IsListening(CancellationToken ct)
    {
        if (_process.HasExited) throw new InvalidOperationException("The server ended by itself.");
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

    /// <summary>SIGKILL to it and its child processes.</summary>
    public async Task Kill()
    {
        using (var victim = Process.GetProcessById(_victim(_process))) victim.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>The version, such as <c>7.0.15</c>.</summary>
    /// <param name="command">The command whose output contains it.</param>
    public static async Task<string> Version(string program, string command) =>
        VersionNumber().Match(await Run(Find(program)!, command)).Value;

    static string? WhyNot(string program, string package) =>
        Find(program) is null ? $"{program} is not installed (apt-get install {package})" : null;

    static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Concat(Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(version => $"{version}/bin")
            : [])
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static async Task<string> Run(params string[] command)
    {
        using var process = Process.Start(Quiet(new(command[0], command[1..])))!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await errors}{await output}");
        return await output;
    }

    static ProcessStartInfo Quiet(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return start;
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        Directory.Delete(_folder, recursive: true);
    }

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex VersionNumber();
}
