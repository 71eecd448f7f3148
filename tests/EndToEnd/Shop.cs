using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Ticketing.EndToEnd.Shop))]

namespace Ticketing.EndToEnd;

/// <summary>
/// The whole shop, started once for all tests by the runner on free ports, and a Chromium to visit it with. Where SHOP
/// in the environment is the address of one that runs (with <c>--hold 60</c>), that one is visited.
/// </summary>
public sealed partial class Shop : IAsyncLifetime
{
    /// <summary>How long a purchase holds a ticket here: long enough to pay in, short enough to see it end.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    const string Chromium = "/usr/bin/chromium";
    static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2), StopMax = TimeSpan.FromSeconds(20);
    static readonly string Root = FindRoot(new DirectoryInfo(AppContext.BaseDirectory));

    readonly StringBuilder _log = new();
    readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("end-to-end-");
    Process? _process;
    IPlaywright? _playwright;
    IBrowser? _browser;

    public Uri Url => _ready.Task.Result;

    public static string Screenshots => Path.Combine(Root, "artifacts", "screenshots");

    /// <summary>What every app of it has said so far.</summary>
    public string Said()
    {
        lock (_log) return _log.ToString();
    }

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        if (Environment.GetEnvironmentVariable("SHOP") is { Length: > 0 } running) _ready.SetResult(new Uri(running));
        else await Open();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    async Task Open()
    {
        var runner = Path.Combine(Root, "local", "Run", "bin", "Debug", "net10.0", "Ticketing.Run.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet",
            [
                runner, "--any-ports", "--port", "0", "--data", _data.FullName, "--seed-demo",
                "--hold", $"{Hold.TotalSeconds}",
            ])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("The shop ended early."));
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await _ready.Task.WaitAsync(StartMax);
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await DisposeAsync();
            throw new InvalidOperationException($"The shop did not come up. It said:\n{Said()}", e);
        }
    }

    /// <summary>A person's own browser: nothing is shared with another's.</summary>
    public async Task<IBrowserContext> Browser(bool dark = false, int width = 1280, bool script = true)
    {
        Assert.SkipWhen(_browser is null, $"There is no {Chromium} on this machine.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = Url.ToString(),
            ReducedMotion = ReducedMotion.Reduce,
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new() { Width = width, Height = 844 },
            JavaScriptEnabled = script,
        });
        context.SetDefaultTimeout(20_000);
        return context;
    }

    /// <summary>
    /// Stops one service in its tracks, as a machine that hangs does: it answers nothing until it is let go.
    /// </summary>
    /// <param name="program">Such as <c>Ticketing.Payments.dll</c>.</param>
    public IDisposable Freeze(string program)
    {
        Assert.SkipWhen(_process is null, "The shop is not this test's own.");
        Signal("STOP", program);
        return new Thaw(() => Signal("CONT", program));
    }

    void Signal(string signal, string program)
    {
        using var shell = Process.Start("/bin/sh", ["-c", $"pkill -{signal} -P {_process!.Id} -f {program}"]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    sealed class Thaw(Action thaw) : IDisposable
    {
        public void Dispose() => thaw();
    }

    void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_log) _log.AppendLine(text);
        if (ReadyLine().Match(text) is { Success: true } ready) _ready.TrySetResult(new Uri(ready.Groups[1].Value));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_process is { HasExited: false })
        {
            Process.Start("/bin/sh", ["-c", $"kill -TERM {_process.Id}"]).WaitForExit();
            using var patience = new CancellationTokenSource(StopMax);
            await _process.WaitForExitAsync(patience.Token);
        }

        _process?.Dispose();
        if (_data.Exists) _data.Delete(recursive: true);
    }

    static string FindRoot(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ticketing.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"Ticketing is ready on (http\S+)")]
    private static partial Regex ReadyLine();
}
