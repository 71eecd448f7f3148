using Microsoft.Playwright;
using Ticketing.Testing;

namespace Ticketing.EndToEnd;

/// <summary>The test Stripe behind an open checkout: what it booked, and how it can be made to misbehave.</summary>
sealed class Till(IAPIRequestContext http, string origin)
{
    public static async Task<Till> Of(IPage checkout)
    {
        var script = await checkout.Locator("script[src*='stripe.js']").GetAttributeAsync("src");
        return new(checkout.Context.APIRequest, new Uri(script!).GetLeftPart(UriPartial.Authority));
    }

    /// <summary>The next card that is charged goes wrong.</summary>
    /// <param name="how">In the words of <c>local/Stripe/README.md</c>.</param>
    public async Task NextCard(string how, TimeSpan by)
    {
        var answer = await http.PostAsync($"{origin}/local/faults", new()
        {
            DataObject = new Dictionary<string, object>
            {
                ["on"] = "confirm", ["do"] = how, ["times"] = 1, ["milliseconds"] = (int)by.TotalMilliseconds,
            },
        });
        Assert.True(answer.Ok, await answer.TextAsync());
    }

    /// <param name="cents">An amount that only one order has.</param>
    /// <returns>Every movement of it, oldest first: <c>authorize</c>, <c>capture</c>…</returns>
    public async Task<IReadOnlyList<string>> Moved(int cents)
    {
        var answer = await http.GetAsync($"{origin}/ledger");
        var ledger = (await answer.JsonAsync())!.Value;
        Assert.False(ledger.GetProperty("more").GetBoolean());
        return [.. ledger.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("amount").GetInt64() == cents)
            .Select(entry => entry.GetProperty("kind").GetString()!)];
    }

    /// <summary>Charged, and no more than that.</summary>
    public async Task WasPaidOnce(int cents)
    {
        await Eventually.Is(async () => (await Moved(cents)).Contains("capture"));
        Assert.Equal(["authorize", "capture"], await Moved(cents));
    }
}
