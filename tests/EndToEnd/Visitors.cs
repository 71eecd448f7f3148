using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Ticketing.EndToEnd;

/// <summary>
/// The people of one test, each with their own browser. If the test fails, screenshots of their pages are kept in
/// <c>artifacts/screenshots/failed</c>. Also checks that no browser sends a card number to the shop.
/// </summary>
sealed class Visitors(BrowserShop shop) : IAsyncDisposable
{
    readonly ConcurrentBag<IBrowserContext> _browsers = [];
    readonly ConcurrentBag<string> _leaks = [];
    int _requests;

    /// <summary>A person who is not signed in.</summary>
    public async Task<Person> Anonymous(
        int width = 1280, bool script = true, string? prelude = null, string? zone = null)
    {
        var browser = await shop.Browser(width, script, zone);
        _browsers.Add(browser);
        browser.Request += (_, request) => Inspect(request);
        if (prelude is not null) await browser.AddInitScriptAsync(prelude);
        return new Person(await browser.NewPageAsync());
    }

    /// <summary>A person with an account, signed in.</summary>
    public async Task<Person> SignedIn(
        int width = 1280, bool script = true, string? prelude = null, string? zone = null)
    {
        var person = await Anonymous(width, script, prelude, zone);
        await person.SignsUp();
        return person;
    }

    /// <summary>The same person on another device, with the same session.</summary>
    public async Task<Person> OnOtherDevice(Person person, bool script = true)
    {
        var device = await Anonymous(script: script);
        await device.TakesSessionOf(person);
        return device;
    }

    /// <summary>A ticket that a new seller has just listed.</summary>
    /// <returns>The path of its page.</returns>
    public async Task<(Person Seller, string Ticket)> ListTicket(string title, int cents = 4550)
    {
        var seller = await SignedIn();
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
                    Path = Path.Combine(BrowserShop.Screenshots, "failed", $"{context.TestMethod?.MethodName}-{n}.png"),
                    FullPage = true,
                });
        }

        foreach (var browser in _browsers) await BrowserShop.Close(browser);
        Assert.True(_requests > 0 || _browsers.IsEmpty, "No request was seen: nothing was looked at for card numbers.");
        Assert.Empty(_leaks);
    }
}
