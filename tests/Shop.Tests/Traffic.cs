using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>
/// A few people who keep selling and buying whatever happens to the shop: two buyers at once for each ticket, often
/// while its price changes. The winner pays, pays with a bad card first, cancels, or leaves the order unpaid.
/// </summary>
sealed class Traffic : IAsyncDisposable
{
    const int Sellers = 2;
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(15), Patience = TimeSpan.FromMinutes(2);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Between two deals of a seller, to keep the load low.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    readonly ShopClient _client;
    readonly bool _leaveUnpaid;
    readonly CancellationTokenSource _stop = new();
    readonly Task _deals;

    int _done;

    Traffic(ShopClient client, int seed, bool leaveUnpaid)
    {
        (_client, _leaveUnpaid) = (client, leaveUnpaid);
        _deals = Task.WhenAll(Enumerable.Range(0, Sellers).Select(n => GoOn(new Random(seed + n))));
    }

    /// <summary>Deals that have ended, with any outcome.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <param name="leaveUnpaid">Whether some orders are left unpaid, so that their holds expire.</param>
    public static Traffic Start(ShopClient client, int seed = 1, bool leaveUnpaid = true) =>
        new(client, seed, leaveUnpaid);

    /// <summary>Waits until this many more deals are done.</summary>
    public async Task RunDeals(int deals = 6)
    {
        var until = Done + deals;
        for (var watch = Stopwatch.StartNew(); Done < until && watch.Elapsed < Patience; await Task.Delay(LookEvery))
            if (_deals.IsFaulted) await _deals;
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await _deals;
    }

    async Task GoOn(Random random)
    {
        var seller = await _client.SignUp("seller");
        Person[] buyers = [await _client.SignUp("buyer"), await _client.SignUp("buyer")];
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
        var offer = await _client.List(seller, price);
        var edit = random.Next(2) == 0 ? _client.Edit(offer, price + 1) : Task.FromResult(Reply.None);
        var clicks = await Task.WhenAll(buyers.Select(buyer => _client.Buy(buyer, offer, price)));
        await edit;
        var first = Array.FindIndex(clicks, click => click.Status == 201);
        if (first < 0) return;
        var (buyer, order) = (buyers[first], clicks[first].Text("id"));
        if (await _client.WaitForStatus(buyer, order, Soon, "awaitingPayment", "cancelled") is null) return;
        var choice = random.Next(10);
        if (choice == 0 && _leaveUnpaid) return;
        if (choice == 1)
        {
            await _client.GiveUp(buyer, order);
            return;
        }

        if (choice == 2) await _client.Pay(buyer, order, ShopClient.BadCard);
        await _client.Pay(buyer, order);
        if (choice > 4 || await _client.WaitForStatus(buyer, order, Soon, "complete", "cancelled") is null) return;
        await _client.Refund(seller, order);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _deals.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
