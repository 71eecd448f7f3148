using Microsoft.Playwright;
using Ticketing.Ingress;
using Ticketing.Testing;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

/// <summary>The web client does not answer: the ingress sends its own page.</summary>
[Collection("journeys")]
public sealed class AwayTests(BrowserShop shop)
{
    // A port that nothing listens on.
    const string Nowhere = "http://127.0.0.1:9";

    [Fact]
    public async Task A_visitor_is_told_that_nothing_is_lost_and_gets_the_page_as_soon_as_it_is_back()
    {
        await using var ingress = Server.Build(
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None",
            $"--Ingress:Manifest={Repository.At("k8s/base/ingress.yaml")}",
            .. new[] { "auth", "tickets", "orders", "payments", "web" }.Select(app => $"--Ingress:Services:{app}={Nowhere}"),
        ]);
        await ingress.StartAsync(TestContext.Current.CancellationToken);
        await using var browser = await shop.Browser(site: new(ingress.Urls.First()));
        var page = await browser.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);

        Assert.Equal(503, (await page.GotoAsync("/?q=flute"))!.Status);
        await Expect(page.GetByText("Your orders, your tickets and your money are safe.")).ToBeVisibleAsync();
        var checks = new ScreenChecks();
        await checks.Check(page, "away");
        checks.AssertPassed();

        await browser.RouteAsync("**/*", route => route.FulfillAsync(new() { ContentType = "text/html", Body = "<h1>Here</h1>" }));
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Here" })).ToBeVisibleAsync();
        Assert.EndsWith("/?q=flute", page.Url, StringComparison.Ordinal);
        Assert.Empty(errors);
    }
}
