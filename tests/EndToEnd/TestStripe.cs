using Microsoft.Playwright;
using Ticketing.Testing;

namespace Ticketing.EndToEnd;

/// <summary>The local Stripe of an open checkout page: reads its ledger and injects faults.</summary>
sealed class TestStripe(IAPIRequestContext http, string origin)
{
    public static async Task<TestStripe> Of(IPage checkout)
    {
        var script = await checkout.Locator("script[src*='stripe.js']").GetAttributeAsync("src");
        return new(checkout.Context.APIRequest, new Uri(script!).GetLeftPart(UriPartial.Authority));
    }

    /// <summary>Makes the next first charge of an order fail.</summary>
    /// <param name="how">A fault of <c>local/Stripe/README.md</c>.</param>
    public async Task FailNextCharge(string how, TimeSpan by)
    {
        var answer = await http.PostAsync($"{origin}/local/faults", new()
        {
            DataObject = new Dictionary<string, object>
            {
                ["on"] = "create", ["do"] = how, ["times"] = 1, ["milliseconds"] = (int)by.TotalMilliseconds,
            },
        });
        Assert.True(answer.Ok, await answer.TextAsync());
    }

    /// <param name="cents">An amount that only one order has.</param>
    /// <returns>The kinds of its ledger entries, oldest first: <c>authorize</c>, <c>capture</c>…</returns>
    public async Task<IReadOnlyList<string>> Movements(int cents)
    {
        var answer = await http.GetAsync($"{origin}/ledger");
        var ledger = (await answer.JsonAsync())!.Value;
        Assert.False(ledger.GetProperty("more").GetBoolean());
        return [.. ledger.GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("amount").GetInt64() == cents)
            .Select(entry => entry.GetProperty("kind").GetString()!)];
    }

    /// <summary>Authorized once, captured once, and nothing else.</summary>
    public async Task AssertPaidOnce(int cents)
    {
        await Eventually.Is(async () => (await Movements(cents)).Contains("capture"));
        Assert.Equal(["authorize", "capture"], await Movements(cents));
    }
}
