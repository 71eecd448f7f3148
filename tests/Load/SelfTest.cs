using Ticketing.Testing;

namespace Ticketing.Load;

static class SelfTest
{
    const int StallMs = 1000, SeenMsMin = 900;

    /// <summary>A stall of a second must show in what is measured, or nothing that is measured means anything.</summary>
    public static async Task Passes(MeasuredShop shop, Market market, CancellationToken ct)
    {
        var orders = ProcessTree.Find(shop.Id, "Ticketing.Orders.dll")[0];
        var measured = market.BuyAt(perSecond: 5, TimeSpan.FromSeconds(4), ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        ProcessTree.Signal(orders, "STOP");
        await Task.Delay(StallMs, ct);
        ProcessTree.Signal(orders, "CONT");
        var slowest = (await measured).Placing.Max;
        if (slowest < SeenMsMin) throw new InvalidOperationException($"A stall of {StallMs} ms was seen as {slowest:0} ms.");
    }
}
