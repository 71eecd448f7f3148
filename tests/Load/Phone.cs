using Microsoft.Playwright;

namespace Ticketing.Load;

/// <summary>The listing page as a middling phone on slow 4G shows it: medians of several visits.</summary>
/// <param name="LargestPaint">Milliseconds until the largest thing was painted (LCP).</param>
/// <param name="Shift">How much moved while nobody touched anything (CLS).</param>
/// <param name="Interaction">Milliseconds until the slowest answer to a tap or a key was painted (INP).</param>
/// <param name="Bytes">On the wire, headers included, with an empty cache.</param>
sealed record Phone(double LargestPaint, double Shift, double Interaction, double Bytes)
{
    const int Visits = 5, SlowDown = 4, LatencyMs = 150, BytesPerSecond = 1_600_000 / 8;

    const string Watch = """
        globalThis.seen = { paint: 0, shift: 0, answer: 0 };
        const on = (type, act, more = {}) =>
          new PerformanceObserver(list => list.getEntries().forEach(act)).observe({ type, buffered: true, ...more });
        on('largest-contentful-paint', e => { seen.paint = e.startTime; });
        on('layout-shift', e => { if (!e.hadRecentInput) seen.shift += e.value; });
        on('event', e => { if (e.interactionId) seen.answer = Math.max(seen.answer, e.duration); }, { durationThreshold: 16 });
        """;

    public bool IsWithinBounds => LargestPaint <= 1200 && Shift <= 0.02 && Interaction <= 100 && Bytes <= 25 * 1024;

    public static async Task<Phone> Measure(Uri shop, CancellationToken ct)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.Launch(playwright);
        var visits = new List<Phone>();
        for (var i = 0; i < Visits; i++)
        {
            ct.ThrowIfCancellationRequested();
            visits.Add(await Visit(browser, shop));
        }

        return new(Median(visit => visit.LargestPaint), Median(visit => visit.Shift),
            Median(visit => visit.Interaction), Median(visit => visit.Bytes));

        double Median(Func<Phone, double> of) => visits.Select(of).Order().ElementAt(Visits / 2);
    }

    static async Task<Phone> Visit(IBrowser browser, Uri shop)
    {
        await using var context = await browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = 390, Height = 844 }, IsMobile = true, HasTouch = true,
        });
        var page = await context.NewPageAsync();
        await page.AddInitScriptAsync(Watch);
        var devtools = await context.NewCDPSessionAsync(page);
        var bytes = 0.0;
        devtools.Event("Network.loadingFinished").OnEvent += (_, told) =>
            bytes += told!.Value.GetProperty("encodedDataLength").GetDouble();
        await devtools.SendAsync("Network.enable");
        await devtools.SendAsync("Network.emulateNetworkConditions", new Dictionary<string, object>
        {
            ["offline"] = false, ["latency"] = LatencyMs,
            ["downloadThroughput"] = BytesPerSecond, ["uploadThroughput"] = BytesPerSecond,
        });
        await devtools.SendAsync("Emulation.setCPUThrottlingRate", new Dictionary<string, object> { ["rate"] = SlowDown });
        await page.GotoAsync(shop.ToString());
        await page.Locator("html[data-live]").WaitForAsync();
        var loaded = bytes;
        await page.Locator("h1").TapAsync();
        await page.Locator("#q").TapAsync();
        await page.Keyboard.TypeAsync("show");
        // Two frames later every answer has been painted and told.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        var seen = await page.EvaluateAsync("seen");
        double Of(string name) => seen!.Value.GetProperty(name).GetDouble();
        return new(Of("paint"), Of("shift"), Of("answer"), loaded);
    }
}
