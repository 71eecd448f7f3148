using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Ticketing.Testing;

namespace Ticketing.Conformance;

/// <summary>A process of the real runtime: <c>daprd</c> itself, or one of the services that actors need.</summary>
sealed class RealDaprd(
    string program, IReadOnlyList<string> flags, IReadOnlyDictionary<string, string> environment, string folder, int port) : IDaprd
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    readonly StringBuilder said = new();
    Process? process;

    public static string? Program => Environment.GetEnvironmentVariable("DAPRD");

    public Task<int> Ended { get; private set; } = Task.FromResult(0);

    public string LastWords
    {
        get
        {
            lock (said) return said.ToString();
        }
    }

    public async Task StartAsync(CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, flags)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += Hear;
        process.ErrorDataReceived += Hear;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = EndAsync(process);
        while (!Ended.IsCompleted && !await IsListeningAsync(ct)) await Task.Delay(Look, ct);
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        lock (said) said.AppendLine(line.Data);
    }

    async Task<bool> IsListeningAsync(CancellationToken ct)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, ct);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static async Task<int> EndAsync(Process process)
    {
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public void Terminate() => ProcessTree.Signal(process!.Id, "TERM");

    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true);
        await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is null) return;
        if (!Ended.IsCompleted) await KillAsync();
        process.Dispose();
    }
}
