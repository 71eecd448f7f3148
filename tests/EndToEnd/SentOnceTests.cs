using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Ticketing.Testing;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>
/// A form is sent once, and can be sent again if the page stays. A fake server answers in ways the shop does not.
/// </summary>
[Collection("journeys")]
public sealed class SentOnceTests(BrowserShop shop) : IAsyncLifetime
{
    // Playwright's own clicks wait for a started navigation, even one that never ends; these do not.
    const string Held = "document.querySelectorAll('form[data-sent]').length";
    const string Twice = "setTimeout(() => { for (const press of [1, 2]) document.querySelector('button').click(); })";
    const string Once = "setTimeout(() => document.querySelector('button').click())";

    const string Form = """
        <!DOCTYPE html><title>A form</title><script type="module" src="/app.js"></script>
        <form method="post" action="/sent/KIND"><button name="pressed" value="yes" data-busy="Sending…">Send <b>it</b></button></form>
        """;

    readonly ConcurrentQueue<string> _sent = [];
    WebApplication _site = null!;
    IBrowserContext? _browser;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _site = builder.Build();
        _site.MapGet("/{kind}", (string kind) =>
            Results.Text(Form.Replace("KIND", kind, StringComparison.Ordinal), "text/html; charset=utf-8"));
        _site.MapGet("/app.js", () => Results.File(Repository.At("services/Web/wwwroot/app.js"), "text/javascript"));
        _site.MapPost("/sent/{kind}", async (string kind, HttpRequest request, CancellationToken gone) =>
        {
            _sent.Enqueue(string.Join('&', (await request.ReadFormAsync(gone)).Select(field => $"{field.Key}={field.Value}")));
            if (kind == "hang") await Task.Delay(Timeout.Infinite, gone);
            return kind switch
            {
                "empty" => Results.NoContent(),
                "file" => Results.File("saved"u8.ToArray(), "text/plain", "ticket.txt"),
                _ => Results.Text("<h1>Sent</h1>", "text/html"),
            };
        });
        await _site.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await BrowserShop.Close(_browser);
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("/empty")]
    [InlineData("/file")]
    public async Task After_an_answer_that_leaves_the_page_it_can_be_sent_again(string path)
    {
        var page = await Page(path);
        await page.EvaluateAsync("""
            for (const at of [0, 0, 1000]) setTimeout(() => document.querySelector('button').click(), at);
            setTimeout(() => { globalThis.said = document.querySelector('button').textContent; }, 1000);
            """);
        await page.WaitForFunctionAsync("globalThis.said");
        Assert.Equal("Sending…", await page.EvaluateAsync<string>("said"));
        await page.WaitForFunctionAsync($"{Held} === 0");
        await Was(1);
        Assert.Equal("Send <b>it</b>", await page.EvaluateAsync<string>("document.querySelector('button').innerHTML"));
        await page.EvaluateAsync(Once);
        await Was(2);
    }

    [Fact]
    public async Task Stopped_it_can_be_sent_again_at_once()
    {
        var page = await Page("/hang");
        await page.EvaluateAsync($"addEventListener('click', () => setTimeout(() => {{ stop(); {Once} }}, 500), {{ once: true }})");
        await page.EvaluateAsync(Twice);
        await Was(2);
    }

    [Theory]
    [InlineData("dispatchEvent(new PageTransitionEvent('pageshow'))")]
    [InlineData("dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))")]
    public async Task Shown_again_or_given_up_it_can_be_sent_again(string happens)
    {
        var page = await Page("/empty", install: true);
        await page.EvaluateAsync(Twice);
        await page.Clock.RunForAsync(100);
        await Was(1);
        Assert.Equal(1, await page.EvaluateAsync<int>(Held));
        await page.EvaluateAsync(happens);
        Assert.Equal(0, await page.EvaluateAsync<int>(Held));
    }

    [Fact]
    public async Task Without_a_network_the_way_back_leads_to_a_form_that_can_be_sent()
    {
        var page = await Page("/page");
        await page.Context.SetOfflineAsync(true);
        await page.EvaluateAsync(Once);
        await Eventually.Is(() => page.Url.StartsWith("chrome-error:", StringComparison.Ordinal));
        await page.Context.SetOfflineAsync(false);
        await page.GoBackAsync();
        await page.EvaluateAsync(Once);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sent");
        await Was(1);
    }

    [Fact]
    public async Task What_a_script_of_the_page_holds_back_is_not_waited_for()
    {
        var page = await Page("/page");
        await page.EvaluateAsync("document.forms[0].addEventListener('submit', e => e.preventDefault(), { once: true })");
        await page.Locator("button").ClickAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>(Held));
        await page.Locator("button").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Sent");
        await Was(1);
    }

    async Task<IPage> Page(string path, bool install = false)
    {
        _browser = await shop.Browser(site: new(_site.Urls.First()));
        var page = await _browser.NewPageAsync();
        if (install) await page.Clock.InstallAsync();
        await page.GotoAsync(path);
        return page;
    }

    // A second request would have arrived by now: the browser sends requests in the order of the clicks.
    async Task Was(int times)
    {
        await Eventually.Is(() => _sent.Count >= times);
        Assert.Equal(Enumerable.Repeat("pressed=yes", times), _sent);
    }
}
