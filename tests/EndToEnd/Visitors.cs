using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>
/// The people of one test, each at a browser of their own. If the test fails, what they last saw stays in
/// <c>artifacts/screenshots/failed</c>. Nobody's browser may ever send a card's number to the shop.
/// </summary>
sealed class Visitors(Shop shop) : IAsyncDisposable
{
    readonly ConcurrentBag<IBrowserContext> _browsers = [];
    readonly ConcurrentBag<string> _leaks = [];
    int _requests;

    /// <summary>Somebody nobody knows.</summary>
    public async Task<Person> Stranger(int width = 1280, bool script = true, string? prelude = null, string? zone = null)
    {
        var browser = await shop.Browser(width, script, zone);
        _browsers.Add(browser);
        browser.Request += (_, request) => Inspect(request);
        if (prelude is not null) await browser.AddInitScriptAsync(prelude);
        return new Person(await browser.NewPageAsync());
    }

    /// <summary>Somebody with an account, signed in.</summary>
    public async Task<Person> Member(int width = 1280, bool script = true, string? prelude = null, string? zone = null)
    {
        var person = await Stranger(width, script, prelude, zone);
        await person.SignsUp();
        return person;
    }

    /// <summary>The same person at another device.</summary>
    public async Task<Person> Again(Person person, bool script = true)
    {
        var device = await Stranger(script: script);
        await device.TakesSessionOf(person);
        return device;
    }

    /// <summary>A ticket of somebody else's, just put on sale.</summary>
    /// <returns>The path of its page.</returns>
    public async Task<(Person Seller, string Ticket)> Listed(string title, int cents = 4550)
    {
        var seller = await Member();
        return (seller, await seller.Lists(title, cents));
    }

    void Inspect(IRequest request)
    {
        if (new Uri(request.Url).Authority != shop.Url.Authority) return;
        Interlocked.Increment(ref _requests);
        var digits = string.Concat($"{request.Url} {request.PostData}".Where(char.IsDigit));
        if (Card.All.Any(card => digits.Contains(card, StringComparison.Ordinal))) _leaks.Add(request.Url);
    }

    public async ValueTask DisposeAsync()
    {
        var context = TestContext.Current;
        if (context.TestState?.Result == TestResult.Failed)
        {
            var pages = _browsers.SelectMany(browser => browser.Pages).Where(page => !page.IsClosed);
            foreach (var (n, page) in pages.Index())
                await page.ScreenshotAsync(new()
                {
                    Path = Path.Combine(Shop.Screenshots, "failed", $"{context.TestMethod?.MethodName}-{n}.png"),
                    FullPage = true,
                });
        }

        foreach (var browser in _browsers) await Shop.Close(browser);
        Assert.True(_requests > 0 || _browsers.IsEmpty, "No request was seen: nothing was looked at for card numbers.");
        Assert.Empty(_leaks);
    }
}
