using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>
/// A few people who go on selling and buying whatever happens to the shop: two buyers for each ticket, at once, often
/// while its price changes; who gets it pays, pays with a bad card first, gives it back, or walks away.
/// </summary>
sealed class Traffic : IAsyncDisposable
{
    const int Sellers = 2;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two deals of a seller: the traffic is light.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly Market _market;
    readonly bool _walkingAway;
    readonly CancellationTokenSource _stop = new();
    readonly Task _deals;

    int _done;

    Traffic(Market market, int seed, bool walkingAway)
    {
        (_market, _walkingAway) = (market, walkingAway);
        _deals = Task.WhenAll(Enumerable.Range(0, Sellers).Select(n => GoOn(new Random(seed + n))));
    }

    /// <summary>Deals that came to their end, whichever.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <param name="walkingAway">Some leave without a word, and their hold has to end by itself.</param>
    public static Traffic Start(Market market, int seed = 1, bool walkingAway = true) => new(market, seed, walkingAway);

    /// <summary>Lets it run until so many more deals are done.</summary>
    public async Task Flows(int deals = 6)
    {
        var until = Done + deals;
        for (var watch = Stopwatch.StartNew(); Done < until && watch.Elapsed < Patience; await Task.Delay(LookEvery))
            if (_deals.IsFaulted) await _deals;
    }

    public async Task Stops()
    {
        await _stop.CancelAsync();
        await _deals;
    }

    async Task GoOn(Random random)
    {
        var seller = await _market.SignUp("seller");
        Person[] buyers = [await _market.SignUp("buyer"), await _market.SignUp("buyer")];
        while (!_stop.IsCancellationRequested)
        {
            await Deal(seller, buyers, random);
            Interlocked.Increment(ref _done);
            await Task.Delay(Pause);
        }
    }

    async Task Deal(Person seller, Person[] buyers, Random random)
    {
        var price = random.Next(1_000, 10_000);
        var offer = await _market.List(seller, price);
        var edit = random.Next(2) == 0 ? _market.Edit(offer, price + 1) : Task.FromResult(Reply.None);
        var clicks = await Task.WhenAll(buyers.Select(buyer => _market.Buy(buyer, offer, price)));
        await edit;
        var first = Array.FindIndex(clicks, click => click.Status == 201);
        if (first < 0) return;
        var (buyer, order) = (buyers[first], clicks[first].Text("id"));
        if (await _market.Becomes(buyer, order, Soon, "awaitingPayment", "cancelled") is null) return;
        var choice = random.Next(10);
        if (choice == 0 && _walkingAway) return;
        if (choice == 1)
        {
            await _market.GiveUp(buyer, order);
            return;
        }

        if (choice == 2) await _market.Pay(buyer, order, Market.BadCard);
        await _market.Pay(buyer, order);
        if (choice > 4 || await _market.Becomes(buyer, order, Soon, "complete", "cancelled") is null) return;
        await _market.Refund(seller, order);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _deals.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
