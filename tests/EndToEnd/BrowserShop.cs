using Microsoft.Playwright;
using Ticketing.Testing;

[assembly: AssemblyFixture(typeof(Ticketing.EndToEnd.BrowserShop))]

namespace Ticketing.EndToEnd;

/// <summary>
/// The whole shop, started once for all tests, and a Chromium. If the environment variable SHOP is the address of a
/// running shop (with <c>--hold 60</c>), that one is used.
/// </summary>
public sealed class BrowserShop : IAsyncLifetime
{
    /// <summary>How long a purchase holds a ticket here: long enough to pay in, short enough to see it end.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);

    const string Chromium = "/usr/bin/chromium";

    /// <summary>How long a page may take in tests that do not measure it.</summary>
    const float PatienceMs = 20_000;

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
            // All browsers of the tests have the same address, and so share one rate limit.
            _process = ShopProcess.Start(
                ["--data", TestFolder.New("end-to-end"), "--seed-demo", "--hold", $"{Hold.TotalSeconds}"],
                new Dictionary<string, string> { ["RateLimits__Multiplier"] = "10" });
            Url = await _process.Ready(CancellationToken.None);
            await _process.Seeded(CancellationToken.None);
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

    /// <summary>A new browser context: it shares no cookies or storage with others.</summary>
    /// <param name="zone">A time zone such as <c>Asia/Tokyo</c>; this machine's if null.</param>
    /// <param name="site">The site to open instead of the shop.</param>
    public async Task<IBrowserContext> Browser(
        int width = 1280, bool script = true, string? zone = null, Uri? site = null)
    {
        Assert.SkipWhen(_browser is null, $"There is no {Chromium} on this machine.");
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = (site ?? Url).ToString(),
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 844 },
            JavaScriptEnabled = script,
            TimezoneId = zone,
        });
        context.SetDefaultTimeout(PatienceMs);
        return context;
    }

    /// <summary>
    /// Closes a browser context. Chromium sometimes never answers that; such a context ends with the browser's process,
    /// after the last test.
    /// </summary>
    public static async Task Close(IBrowserContext browser)
    {
        try
        {
            await browser.CloseAsync().WaitAsync(TimeSpan.FromMilliseconds(PatienceMs));
        }
        catch (TimeoutException)
        {
            TestContext.Current.SendDiagnosticMessage("Chromium did not answer that a browser context is closed.");
        }
    }

    /// <summary>
    /// Suspends one service (SIGSTOP), like a machine that hangs: it answers nothing until the result is disposed of.
    /// </summary>
    /// <param name="program">Such as <c>Ticketing.Payments.dll</c>.</param>
    public IDisposable Suspend(string program)
    {
        Assert.SkipWhen(_process is null, "The shop is not this test's own.");
        var id = Assert.Single(ProcessTree.Find(_process.Id, program));
        ProcessTree.Signal(id, "STOP");
        return new Resume(() => ProcessTree.Signal(id, "CONT"));
    }

    public async ValueTask DisposeAsync()
    {
        // Ends the driver and with it Chromium, also one that no longer answers.
        _playwright?.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    sealed class Resume(Action resume) : IDisposable
    {
        public void Dispose() => resume();
    }
}
