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
            // Every browser of the tests comes from one address.
            _process = ShopProcess.Start(
                ["--data", TestFolder.New("end-to-end"), "--seed-demo", "--hold", $"{Hold.TotalSeconds}"],
                new Dictionary<string, string> { ["RateLimits__Multiplier"] = "10" });
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
    /// <param name="zone">Such as <c>Asia/Tokyo</c>; this machine's own unless given.</param>
    /// <param name="site">What is visited, if not the shop.</param>
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
    /// Closes a person's browser. Chromium sometimes never answers that; what it leaves open ends with the process
    /// of the browser, after the last test.
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
    /// Stops one service in its tracks, as a machine that hangs does: it answers nothing until it is let go.
    /// </summary>
    /// <param name="program">Such as <c>Ticketing.Payments.dll</c>.</param>
    public IDisposable Freeze(string program)
    {
        Assert.SkipWhen(_process is null, "The shop is not this test's own.");
        var id = Assert.Single(ProcessTree.Find(_process.Id, program));
        ProcessTree.Signal(id, "STOP");
        return new Thaw(() => ProcessTree.Signal(id, "CONT"));
    }

    public async ValueTask DisposeAsync()
    {
        // Ends the driver and with it Chromium, also one that no longer answers.
        _playwright?.Dispose();
        if (_process is not null) await _process.DisposeAsync();
    }

    sealed class Thaw(Action thaw) : IDisposable
    {
        public void Dispose() => thaw();
    }
}
