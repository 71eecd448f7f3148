using System.Diagnostics;
using Microsoft.Playwright;
using Ticketing.Testing;

[assembly: AssemblyFixture(typeof(Ticketing.EndToEnd.Shop))]

namespace Ticketing.EndToEnd;

/// <summary>
/// The whole shop, started once for all tests, and a Chromium to visit it with. Where SHOP in the environment is the
/// address of one that runs (with <c>--hold 60</c>), that one is visited.
/// </summary>
public sealed class Shop : IAsyncLifetime
{
    /// <summary>How long a purchase holds a ticket here: long enough to pay in, short enough to see it end.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    const string Chromium = "/usr/bin/chromium";

    /// <summary>How long a page may take where a test is not about how long it takes.</summary>
    const float PatienceMs = 20_000;

    readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("end-to-end-");
    ShopProcess? _process;
    IPlaywright? _playwright;
    IBrowser? _browser;

    public Uri Url { get; private set; } = null!;

    public static string Screenshots => Repository.At("artifacts/screenshots");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        if (Environment.GetEnvironmentVariable("SHOP") is { Length: > 0 } running) Url = new Uri(running);
        else
        {
            _process = ShopProcess.Start(["--data", _data.FullName, "--seed-demo", "--hold", $"{Hold.TotalSeconds}"]);
            Url = await _process.Ready(CancellationToken.None);
        }

        Assertions.SetDefaultExpectTimeout(PatienceMs);
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
        context.SetDefaultTimeout(PatienceMs);
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
        using var kill = Process.Start("pkill", [$"-{signal}", "-P", $"{_process!.Id}", "-f", program]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_process is not null) await _process.DisposeAsync();
        _data.Delete(recursive: true);
    }

    sealed class Thaw(Action thaw) : IDisposable
    {
        public void Dispose() => thaw();
    }
}
