using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>
/// Looks at screens on a small phone and at a desk, light and dark: once with every rule of accessibility, then with those
/// that depend on width and colours. What was seen stays in <c>artifacts/screenshots</c>.
/// </summary>
sealed class Looks
{
    const int Desk = 1280, Phone = 320, Height = 844;

    static readonly string[] Standard = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
    static readonly object All = Only("tag", [.. Standard, "best-practice"]);
    static readonly object OfLook = Only(
        "rule", ["color-contrast", "target-size", "link-in-text-block", "scrollable-region-focusable"]);

    // The card processor's frame is a part of a page: it has no landmarks, and the background is not its own.
    static readonly object Inside = Only("tag", Standard);

    static readonly (int Width, ColorScheme Colors, object Rules, bool IsKept)[] Four =
    [
        (Desk, ColorScheme.Light, All, true), (Desk, ColorScheme.Dark, OfLook, false),
        (Phone, ColorScheme.Light, OfLook, false), (Phone, ColorScheme.Dark, OfLook, true),
    ];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    readonly List<string> _wrong = [];

    public async Task At(IPage page, string name)
    {
        foreach (var (width, colors, rules, isKept) in Four)
        {
            await page.SetViewportSizeAsync(width, Height);
            await page.EmulateMediaAsync(new() { ColorScheme = colors });
            await Examine(page.MainFrame, rules, $"{name}, {width} px, {colors}");
            if (rules == All)
                foreach (var frame in page.Frames.Skip(1)) await Examine(frame, Inside, $"{name}, {frame.Url}");
            if (await Wider(page, width) is { Length: > 0 } widest)
                _wrong.Add($"{name}, {width} px: scrolls sideways because of {widest}");
            if (isKept) await page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Shop.Screenshots, $"{name}-{width}-{colors}.png"),
                FullPage = true,
            });
        }

        await page.SetViewportSizeAsync(Desk, Height);
    }

    /// <summary>What makes a page wider than its window; "" if nothing does.</summary>
    public static Task<string> Wider(IPage page, int width) => Ask<string>(page.MainFrame, Widest, width);

    public void WereFine()
    {
        if (_wrong.Count > 0) Assert.Fail(string.Join('\n', _wrong));
    }

    async Task Examine(IFrame frame, object rules, string look)
    {
        if (!await Ask<bool>(frame, "'axe' in globalThis")) await Ask<object?>(frame, Axe);
        _wrong.AddRange((await Ask<string[]>(frame, Violations, rules)).Select(words => $"{look}: {words}"));
    }

    // What runs in a page has no limit of its own, and in a frame that has gone it never ends.
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
