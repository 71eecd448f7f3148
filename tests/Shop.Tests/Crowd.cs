namespace Ticketing.Shop.Tests;

/// <summary>Two hundred people who want the same ticket.</summary>
static class Crowd
{
    const int Size = 200, Price = 5000, AtATime = 8;

    static List<Person>? people;

    /// <summary>They sign up in the first shop that needs them: a session is a signed token, good in all.</summary>
    public static async Task<IReadOnlyList<Person>> Gather(Premises shop)
    {
        if (people is not null) return people;
        var market = new Market(shop);
        people = [];
        while (people.Count < Size)
            people.AddRange(await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => market.SignUp("fan"))));
        return people;
    }

    /// <summary>All press "purchase" at once, once each; then the one who got it pays.</summary>
    public static async Task Rush(Market market)
    {
        var fans = people!;
        var offer = await market.List(await market.SignUp("seller"), Price);
        // Not the moment it is listed: while orders has not heard of it, it may say "again in a second".
        var early = await Market.Insist(() => market.Buy(fans[0], offer, Price));
        Assert.True((await market.GiveUp(fans[0], early.Text("id"))).IsYes);
        var clicks = await Task.WhenAll(fans.Select(fan => market.Buy(fan, offer, Price)));
        var answers = clicks.CountBy(click => $"{click.Status} {click.Code}".Trim()).OrderBy(answer => answer.Value)
            .Select(answer => $"{answer.Value} times {answer.Key}");
        Assert.Equal(["1 times 201", $"{Size - 1} times 409 ticket-reserved"], answers);

        var winner = Array.FindIndex(clicks, click => click.Status == 201);
        var (buyer, order) = (fans[winner], clicks[winner].Text("id"));
        Assert.True((await Market.Insist(() => market.Pay(buyer, order))).IsYes);
        Assert.NotNull(await market.Becomes(buyer, order, TimeSpan.FromSeconds(10), "complete"));
    }
}
