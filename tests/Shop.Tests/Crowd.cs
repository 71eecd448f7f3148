namespace Ticketing.Shop.Tests;

/// <summary>Two hundred people who want the same ticket.</summary>
static class Crowd
{
    const int Size = 200, Price = 5000, AtATime = 8;

    static List<Person>? people;

    /// <summary>
    /// Signs them up once, in the first shop: their tokens are valid in all, since all have the same keys.
    /// </summary>
    public static async Task<IReadOnlyList<Person>> SignUp(KillableShop shop)
    {
        if (people is not null) return people;
        var client = new ShopClient(shop);
        people = [];
        while (people.Count < Size)
            people.AddRange(await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => client.SignUp("fan"))));
        return people;
    }

    /// <summary>All press "purchase" once, at the same time; then the winner pays.</summary>
    public static async Task BuyAtOnce(ShopClient client)
    {
        var fans = people!;
        var offer = await client.List(await client.SignUp("seller"), Price);
        // One purchase first: just after the listing, orders may not have the ticket yet and answer "try again".
        var early = await ShopClient.RetryWhileUnsure(() => client.Buy(fans[0], offer, Price));
        Assert.True((await client.GiveUp(fans[0], early.Text("id"))).IsSuccess);
        var clicks = await Task.WhenAll(fans.Select(fan => client.Buy(fan, offer, Price)));
        var answers = clicks.CountBy(click => $"{click.Status} {click.Code}".Trim()).OrderBy(answer => answer.Value)
            .Select(answer => $"{answer.Value} times {answer.Key}");
        Assert.Equal(["1 times 201", $"{Size - 1} times 409 ticket-reserved"], answers);

        var winner = Array.FindIndex(clicks, click => click.Status == 201);
        var (buyer, order) = (fans[winner], clicks[winner].Text("id"));
        Assert.True((await ShopClient.RetryWhileUnsure(() => client.Pay(buyer, order))).IsSuccess);
        Assert.NotNull(await client.WaitForStatus(buyer, order, TimeSpan.FromSeconds(10), "complete"));
    }
}
