using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>System notifications, and the service worker that shows them.</summary>
[Collection("journeys")]
public sealed class NoticeTests(BrowserShop shop) : IAsyncLifetime
{
    const string Again = "Tell me if it comes back";

    // Runs the worker's click handler with fake browser windows.
    const string Click = """
        async open => {
          const seen = [], waits = [];
          globalThis.clients = {
            matchAll: async () => open.map(path => ({ url: location.origin + path, focus: () => seen.push(`focus ${path}`) })),
            openWindow: path => seen.push(`open ${path}`),
          };
          await import('/notices.js');
          const worker = await navigator.serviceWorker.ready;
          const [notification] = await worker.getNotifications();
          dispatchEvent(Object.assign(new Event('notificationclick'), { notification, waitUntil: all => waits.push(all) }));
          await Promise.all(waits);
          return [...seen, `${(await worker.getNotifications()).length} left`];
        }
        """;

    readonly WebWithFakeApps _web = new(shop);

    public ValueTask InitializeAsync() => _web.InitializeAsync();
    public ValueTask DisposeAsync() => _web.DisposeAsync();

    [Theory]
    [InlineData("/tickets/t1", false)]
    [InlineData($"/orders/{WebWithFakeApps.Order}", false)]
    [InlineData($"/orders/{WebWithFakeApps.Order}", true)]
    public async Task A_click_on_the_notice_leads_to_the_page_that_asked_for_it(string path, bool hasLeft)
    {
        var page = await Watches(path);
        await page.EvaluateAsync("dispatchEvent(new Event('freed'))");   // makes the page read the ticket again
        await Expect(page).ToHaveTitleAsync(new Regex("^It is back!"));
        await page.WaitForFunctionAsync("navigator.serviceWorker.ready.then(w => w.getNotifications()).then(all => all.length)");
        Assert.Equal([hasLeft ? $"open {path}" : $"focus {path}", "0 left"],
            await page.EvaluateAsync<string[]>(Click, hasLeft ? ["/status"] : new[] { "/status", path }));
    }

    [Theory]
    [InlineData("delete Navigator.prototype.serviceWorker")]
    [InlineData("delete globalThis.Notification")]
    [InlineData("Notification.requestPermission = async () => 'denied'")]
    public async Task Without_workers_notices_or_leave_the_page_and_its_title_tell(string prelude)
    {
        var page = await Watches("/tickets/t1", prelude);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        await page.EvaluateAsync("dispatchEvent(new Event('freed'))");
        await Expect(page).ToHaveTitleAsync(new Regex("^It is back!"));
        await Expect(page.GetByText("It is back: you can buy it now")).ToBeVisibleAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("navigator.serviceWorker?.getRegistrations().then(all => all.length) ?? 0"));
        Assert.Empty(errors);
    }

    [Fact]
    public async Task The_worker_keeps_nothing_and_answers_no_page()
    {
        var page = await Watches("/tickets/t1");
        await page.ReloadAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("caches.keys().then(all => all.length)"));
        Assert.False(await page.EvaluateAsync<bool>("performance.getEntriesByType('navigation')[0].workerStart > 0"));
    }

    async Task<IPage> Watches(string path, string? prelude = null)
    {
        _web.SetTicket("locked");
        _web.SetOrder("cancelled", "expired");
        var page = await _web.Page();
        if (prelude is null) await page.Context.GrantPermissionsAsync(["notifications"]);
        else await page.AddInitScriptAsync(prelude);
        // There is no API here: only the web client answers the browser.
        await page.RouteAsync("**/api/tickets/t1", route => route.FulfillAsync(new()
        {
            ContentType = "application/json",
            Body = """{"id":"t1","status":"open","price":4550,"currency":"usd","version":4}""",
        }));
        await page.GotoAsync(path);
        await page.GetByRole(AriaRole.Button, new() { Name = Again }).ClickAsync();
        if (prelude is null) await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => 0)");
        return page;
    }
}
