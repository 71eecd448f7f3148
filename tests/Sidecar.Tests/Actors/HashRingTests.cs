using Ticketing.Sidecar.Actors;

namespace Ticketing.Sidecar.Tests.Actors;

public class HashRingTests
{
    static HashRing<string> Ring(params string[] hosts) => new(hosts.Select(h => (h, h)));

    static readonly string[] Keys = [.. Enumerable.Range(0, 3_000).Select(i => $"order-{i}")];

    [Fact]
    public void Actors_are_spread_over_all_hosts()
    {
        var ring = Ring("a", "b", "c");

        var shares = Keys.CountBy(k => ring.Owner(k)!).ToDictionary();

        Assert.All(["a", "b", "c"], host => Assert.InRange(shares[host], 600, 1_400));
    }

    [Fact]
    public void A_host_that_goes_moves_only_its_own_actors()
    {
        var (before, after) = (Ring("a", "b", "c"), Ring("a", "c"));

        Assert.All(Keys, k => Assert.True(before.Owner(k) is "b" || before.Owner(k) == after.Owner(k)));
    }

    [Fact]
    public void Nobody_owns_an_actor_when_there_is_no_host() => Assert.Null(Ring().Owner("order-1"));
}
