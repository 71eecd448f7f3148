using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;
using Ticketing.Testing;
using Ticketing.Tickets;

namespace Ticketing.Simulation.Costs;

/// <summary>
/// On Redis a restarted replica is offered the whole stream. The sidecar skips what is older than its start; what comes
/// all the same costs no call to the store and is told to no page.
/// </summary>
public class OldNewsTests
{
    const int Events = 100_000;

    [Fact]
    public void A_hundred_thousand_old_events_touch_no_store_and_no_page()
    {
        var (world, tally) = (new SimWorld(1), new Tally());
        var tickets = new CountedApp("tickets", TicketsApp.Build, world, tally, (_, _) => { });
        var catalog = tickets.Services.GetRequiredService<Catalog>();
        catalog.Complete();
        var newest = Snapshot(version: 3);
        catalog.Apply(newest);
        tally.Take();
        var told = 0;
        catalog.Changed += (_, _) => told++;
        var old = Event.Of(TicketEvents.Edited, Snapshot(version: 2));

        var deliver = tickets.Receivers(old, notOfItself: "").Single();
        for (var sent = 0; sent < Events; sent++)
            world.Complete(deliver);
        Assert.Equal((0, 0), (tally[Cost.State], told));
        Assert.Same(newest, Assert.Single(catalog.Of(newest.Seller, 1, null).Tickets));
    }

    static TicketSnapshot Snapshot(long version) => new()
    {
        Id = new("t1"), Version = version, Seller = new("seller"), Title = "Hamlet", Price = new(4550, "usd"),
        TermsVersion = version, ListedAt = SimWorld.Start,
    };
}
