using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Ticketing.EndToEnd.Shop))]

namespace Ticketing.EndToEnd;

/// <summary>The whole shop, started once by the runner on free ports, and a Chromium to visit it with.</summary>
public sealed partial class Shop : IAsyncLifetime
{
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

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        var runner = Path.Combine(Root, "local", "Run", "bin", "Debug", "net10.0", "Ticketing.Run.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet",
            [runner, "--any-ports", "--port", "0", "--data", _data.FullName, "--seed-demo"])
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

    void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not { } text) return;
        lock (_log) _log.AppendLine(text);
        if (ReadyLine().Match(text) is { Success: true } ready) _ready.TrySetResult(new Uri(ready.Groups[1].Value));
    }

    string Said()
    {
        lock (_log) return _log.ToString();
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
