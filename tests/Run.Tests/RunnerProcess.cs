using System.Diagnostics;
using System.Threading.Channels;

namespace Ticketing.Run.Tests;

/// <summary>The runner in its own process, with small fake apps in a temporary folder.</summary>
sealed class RunnerProcess : IAsyncDisposable
{
    static readonly string FakeApp = Path.Combine(
        Repository.Root, "tests", "Run.FakeApp", "bin", "Debug", "net10.0", "Ticketing.Run.FakeApp.dll");

    // Long, for a busy machine.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), EndsWithin = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    int _open = 2;   // its output and its errors

    RunnerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public List<string> Lines { get; } = [];

    /// <summary>
    /// Creates a folder with a run file. Each app is the fake app; <paramref name="extra"/> is appended.
    /// </summary>
    public static string Folder(string[] apps, string extra = "")
    {
        var folder = Directory.CreateTempSubdirectory("run-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "components"));
        const string resiliency = "resiliency.yaml";
        File.Copy(Repository.At($"components/embedded/{resiliency}"), Path.Combine(folder, "components", resiliency));
        var yaml = """
            version: 1
            common:
              enableAppHealthCheck: true
              appHealthCheckPath: /health/live
              appHealthProbeInterval: 1
              appHealthThreshold: 2
            apps:

            """;
        foreach (var (app, n) in apps.Select((app, n) => (app, n)))
        {
            Directory.CreateDirectory(Path.Combine(folder, "apps", app));
            var sidecar = app is "ingress" ? "" : $"daprHTTPPort: {3001 + n}\n    daprGRPCPort: {4001 + n}";
            yaml += $$"""
                  - appID: {{app}}
                    appDirPath: apps/{{app}}
                    appPort: {{2001 + n}}
                    {{sidecar}}
                    command: [dotnet, {{FakeApp}}, --data=../../.data/{{app}}]
                    env: { ASPNETCORE_URLS: "http://localhost:{{2001 + n}}", Logging__LogLevel__Default: Warning }

                """;
        }

        File.WriteAllText(Path.Combine(folder, "dapr.yaml"), yaml + extra);
        return folder;
    }

    /// <summary>In a folder made by <see cref="Folder"/>.</summary>
    public static RunnerProcess StartIn(string folder, params string[] arguments) =>
        Start(["--file", Path.Combine(folder, "dapr.yaml"), "--components", "components", .. arguments]);

    public static RunnerProcess Start(params string[] arguments) => StartWith([], arguments);

    public static RunnerProcess StartWith(Dictionary<string, string> environment, params string[] arguments)
    {
        var process = Process.Start(Program(environment, arguments))!;
        var started = new RunnerProcess(process);
        process.OutputDataReceived += started.OnLine;
        process.ErrorDataReceived += started.OnLine;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return started;
    }

    /// <summary>The runner as a process, its output and errors in pipes.</summary>
    public static ProcessStartInfo Program(Dictionary<string, string> environment, params string[] arguments)
    {
        var program = new ProcessStartInfo("dotnet", [typeof(RunOptions).Assembly.Location, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) program.Environment[name] = value;
        return program;
    }

    void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } text) _lines.Writer.TryWrite(text);
        else if (Interlocked.Decrement(ref _open) == 0) _lines.Writer.TryComplete();
    }

    /// <summary>Waits until the runner prints a line with this text, and returns the whole line.</summary>
    public async Task<string> WaitForLine(string words)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                Lines.Add(await _lines.Reader.ReadAsync(patience.Token));
                if (Lines[^1].Contains(words, StringComparison.Ordinal)) return Lines[^1];
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new TimeoutException($"The runner never printed '{words}'. It printed:\n{string.Join('\n', Lines)}");
        }
    }

    public async Task<Uri> Ready() => new((await WaitForLine("Ticketing is ready on")).Split(' ')[^1]);

    public void Signal(string name) => ProcessTree.Signal(_process.Id, name);

    public async Task<int> Ends()
    {
        using var patience = new CancellationTokenSource(EndsWithin);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) Signal("TERM");
        }
        catch (InvalidOperationException)
        {
            // A killed one ended between the two.
        }

        await Ends();

        _process.Dispose();
    }
}
