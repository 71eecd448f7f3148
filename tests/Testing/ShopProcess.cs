using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Ticketing.Testing;

/// <summary>The whole shop: the runner in its own process, on free ports.</summary>
public sealed partial class ShopProcess : IAsyncDisposable
{
    static readonly TimeSpan StartMax = TimeSpan.FromMinutes(3), StopMax = TimeSpan.FromSeconds(30);

    readonly Process _process;
    readonly StringBuilder _output = new();
    readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _seeded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    ShopProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Its output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <param name="command">Arguments of <c>dotnet</c>: the built runner, or <c>run --project …</c>.</param>
    /// <param name="options">The runner's options; ports are always free ones.</param>
    /// <param name="environment">Added to the environment that the apps inherit.</param>
    /// <param name="root">The checkout whose shop it is; this one without.</param>
    public static ShopProcess Start(
        IEnumerable<string> command, IEnumerable<string> options,
        IReadOnlyDictionary<string, string>? environment = null, string? root = null)
    {
        var start = new ProcessStartInfo("dotnet", [.. command, .. options, "--any-ports", "--port", "0"])
        {
            WorkingDirectory = root ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var shop = new ShopProcess(Process.Start(start)!);
        shop._process.EnableRaisingEvents = true;
        shop._process.Exited += (_, _) => shop._ready.TrySetException(
            new InvalidOperationException($"The shop ended before it was ready. It printed:\n{shop.Output}"));
        shop._process.OutputDataReceived += shop.OnLine;
        shop._process.ErrorDataReceived += shop.OnLine;
        shop._process.BeginOutputReadLine();
        shop._process.BeginErrorReadLine();
        return shop;
    }

    public static ShopProcess Start(IEnumerable<string> options, IReadOnlyDictionary<string,
        string>? environment = null) =>
        Start([Repository.At("local/Runner/bin/Debug/net10.0/Ticketing.Run.dll")], options, environment);

    /// <summary>Waits until the runner reports that the shop is ready.</summary>
    /// <returns>The shop's address.</returns>
    public async Task<Uri> Ready(CancellationToken ct)
    {
        try
        {
            return await _ready.Task.WaitAsync(StartMax, ct);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The shop did not come up. It printed:\n{Output}", e);
        }
    }

    /// <summary>After <see cref="Ready"/>, with <c>--seed-demo</c>: returns when the demo's listings are there.</summary>
    public async Task Seeded(CancellationToken ct)
    {
        try
        {
            await _seeded.Task.WaitAsync(StartMax, ct);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The demo's listings were not made. The shop printed:\n{Output}", e);
        }
    }

    void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_output) _output.AppendLine(text);
        if (ReadyLine().Match(text) is { Success: true } ready) _ready.TrySetResult(new Uri(ready.Groups[1].Value));
        if (text.StartsWith("--seed-demo: ", StringComparison.Ordinal)) _seeded.TrySetResult();
    }

    /// <param name="name">As for <c>kill</c>: TERM, KILL, STOP…</param>
    public void Signal(string name) => ProcessTree.Signal(Id, name);

    public async Task Ended()
    {
        using var patience = new CancellationTokenSource(StopMax);
        await _process.WaitForExitAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal("TERM");
            await Ended();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"Ticketing is ready on (http\S+)")]
    private static partial Regex ReadyLine();
}
