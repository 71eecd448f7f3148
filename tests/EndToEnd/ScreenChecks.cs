using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>
/// Checks a page for accessibility, at phone and desktop width, light and dark: once with all rules, then with those
/// that depend on width and colors. Screenshots are kept in <c>artifacts/screenshots</c>.
/// </summary>
sealed class ScreenChecks
{
    const int Desk = 1280, Phone = 320, Height = 844;

    static readonly string[] Standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
    static readonly object All = Only("tag", [.. Standard, "best-practice"]);
    static readonly object OnLook = Only(
        "rule", ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]);

    // For the card processor's frame: it is part of a page, so it has no landmarks, and no background of its own.
    static readonly object InFrame = Only("tag", Standard);

    static readonly (int Width, ColorScheme Colors, object Rules, bool IsKept)[] Four =
    [
        (Desk, ColorScheme.Light, All, true), (Desk, ColorScheme.Dark, OnLook, false),
        (Phone, ColorScheme.Light, OnLook, false), (Phone, ColorScheme.Dark, OnLook, true),
    ];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    readonly List<string> _violations = [];

    public async Task Check(IPage page, string name)
    {
        foreach (var (width, colors, rules, isKept) in Four)
        {
            await page.SetViewportSizeAsync(width, Height);
            await page.EmulateMediaAsync(new() { ColorScheme = colors });
            await Examine(page.MainFrame, rules, $"{name}, {width} px, {colors}");
            if (rules == All)
                foreach (var frame in page.Frames.Skip(1)) await Examine(frame, InFrame, $"{name}, {frame.Url}");
            if (await WidestElement(page, width) is { Length: > 0 } widest)
                _violations.Add($"{name}, {width} px: scrolls sideways because of {widest}");
            if (isKept) await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(BrowserShop.Screenshots, $"{name}-{width}-{colors}.png"),
                FullPage = true,
            });
        }

        await page.SetViewportSizeAsync(Desk, Height);
    }

    /// <summary>The elements that make a page wider than its window; "" if there are none.</summary>
    public static Task<string> WidestElement(IPage page, int width) => Ask<string>(page.MainFrame, Widest, width);

    public void AssertPassed()
    {
        if (_violations.Count > 0) Assert.Fail(string.Join('\n', _violations));
    }

    async Task Examine(IFrame frame, object rules, string look)
    {
        if (!await Ask<bool>(frame, "'axe' in globalThis")) await Ask<object?>(frame, Axe);
        _violations.AddRange((await Ask<string[]>(frame, Violations, rules)).Select(words => $"{look}: {words}"));
    }

    // Playwright has no timeout for scripts, and one in a frame that was removed never ends.
    static Task<T> Ask<T>(IFrame frame, string script, object? about = null) =>
        frame.EvaluateAsync<T>(script, about).WaitAsync(Patience);

    static object Only(string type, string[] values) => new
    {
        runOnly = new { type, values }, resultTypes = new[] { "violations" }, iframes = false,
    };

    const string Violations = """
        async rules => (await axe.run(document, rules)).violations
          .map(rule => `${rule.id}, ${rule.help}: ${rule.nodes.map(node => node.html).join(' | ')}`)
        """;

    const string Widest = """
        width => document.documentElement.scrollWidth <= width ? '' :
          [...document.querySelectorAll('main *, header *, footer *')].map(e => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 80)])
            .filter(([right]) => right > width).join(' | ') || 'something outside of it'
        """;
}
