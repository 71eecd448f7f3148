using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace Ticketing.EndToEnd;

[Collection("one shop")]
public class ScreenTests(Shop shop)
{
    static readonly string[] Rules =
        ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

    static readonly string[] Paths = ["/", "/sell", "/listings", "/orders", "/signin", "/signup", "/status", "/docs", "/nowhere"];

    [Theory]
    [InlineData(false, 1280)]
    public async Task Every_screen_is_accessible_and_fits(bool dark, int width)
    {
        var person = await Person.SignUp(await shop.Browser(dark, width));
        var wrong = new List<string>();
        foreach (var path in Paths)
        {
            await person.Page.GotoAsync(path);
            var options = new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } };
            var found = await person.Page.RunAxe(options);
            wrong.AddRange(found.Violations.Select(violation => $"{path}: {violation.Id}, {violation.Help}"));
            if (await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth") > width)
                wrong.Add($"{path}: scrolls sideways at {width} px");
            var name = path is "/" ? "home" : path.Trim('/');
            await person.Page.ScreenshotAsync(new()
            {
                Path = Path.Combine(Shop.Screenshots, $"{name}-{width}-{(dark ? "dark" : "light")}.png"), FullPage = true,
            });
        }

        Assert.Equal("", string.Join('\n', wrong));
    }
}
