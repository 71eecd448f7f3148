using System.Text.RegularExpressions;
using static Microsoft.Playwright.Assertions;

namespace Ticketing.EndToEnd;

[Collection("journeys")]
public sealed class SearchTests(BrowserShop shop) : IAsyncDisposable
{
    readonly Visitors _visitors = new(shop);

    public ValueTask DisposeAsync() => _visitors.DisposeAsync();

    [Fact]
    public async Task A_date_is_typed_to_its_end_before_it_counts_and_a_choice_counts_at_once()
    {
        var visitor = await _visitors.Anonymous();
        await visitor.Page.GotoAsync("/");
        var from = visitor.Page.GetByLabel("From");
        await from.PressSequentiallyAsync("12312034");
        await Expect(from).ToHaveValueAsync("2034-12-31");
        await from.PressAsync("Tab");
        await from.PressAsync("Tab");
        await visitor.Page.GetByLabel("Up to").FocusAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("from=2034-12-31"));
        await Person.Sees(visitor.Link("Look at every day"));
        await visitor.Page.GetByLabel("Sort by").SelectOptionAsync("price");
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("from=2034-12-31&.*sort=price"));
        await visitor.Link("Look at every day").ClickAsync();
        await Expect(visitor.Page).ToHaveURLAsync(new Regex("/\\?sort=price$"));
    }
}
