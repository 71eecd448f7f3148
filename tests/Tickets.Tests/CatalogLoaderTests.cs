using System.Text;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

public class CatalogLoaderTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void A_new_instance_reads_everything_that_was_ever_listed_before_it_answers()
    {
        var first = new Replica(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 700).Select(i => first.List($"t{i}")));
        world.Complete(() => first.ApplyOrder("t7", Some.Order(1, OrderStatus.Created)));
        first.Sidecar.Kill();

        var second = new Replica(world, store);
        Assert.Throws<TryAgainException>(() => second.Newest());
        Start(second);

        Assert.Equal(700, second.Catalog.Count);
        Assert.DoesNotContain("t7", second.Newest());
        Assert.Equal(["t7"], second.Catalog.LockedUntil(Some.Until).Select(id => id.Value));
    }

    [Fact]
    public void An_instance_that_starts_while_the_store_is_away_is_complete_once_it_is_back()
    {
        var first = new Replica(world, store);
        world.Complete(() => first.List("a"));

        var second = new Replica(world, store, _ => Accident.FailBefore);
        Start(second);
        Assert.False(second.Catalog.IsComplete);
        second.Sidecar.Script = _ => Accident.None;
        world.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(["a"], second.Newest());
    }

    [Fact]
    public void A_torn_page_hides_its_own_tickets_and_stops_no_other()
    {
        var first = new Replica(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 300).Select(i => first.List($"t{i}")));
        first.Sidecar.Kill();
        foreach (var page in new[] { 0, 1 })
            Assert.True(store.Save(TicketIdPage.Key(page), Encoding.UTF8.GetBytes("{\"ids\":["),
                store.Get(TicketIdPage.Key(page))!.Value.ETag));

        var second = new Replica(world, store);
        Start(second);
        Assert.True(second.Catalog.IsComplete);
        world.Complete(() => second.List("new"));
        var third = new Replica(world, store);
        Start(third);
        Assert.Equal(["new"], third.Newest());
    }

    [Fact]
    public void What_was_saved_is_in_the_list_before_its_caller_hears_of_it()
    {
        var one = new Replica(world, store);
        Start(one);
        Assert.Equal(["a"], world.Complete(async () =>
        {
            await one.List("a");
            return one.Newest().ToList();
        }));
    }

    [Fact]
    public void An_event_of_another_replica_that_never_came_is_made_up_for()
    {
        var (one, two) = (new Replica(world, store), new Replica(world, store));
        Start(one);
        Start(two);
        world.Complete(() => one.List("a"));
        world.Complete(() => one.List("b"));
        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(["a", "b"], two.Newest());

        world.Complete(() => one.Tickets.Update("a", ticket => ticket.Withdraw(Some.Seller)));
        world.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(["b"], two.Newest());
    }

    [Fact]
    public void A_document_that_cannot_be_read_hides_itself_and_nobody_else()
    {
        var first = new Replica(world, store);
        world.CompleteAll(() => Enumerable.Range(0, 20).Select(i => first.List($"t{i}")));
        store.Save("ticket:t5", Encoding.UTF8.GetBytes("{\"state\": 5"), store.Get("ticket:t5")!.Value.ETag);

        var second = new Replica(world, store);
        Start(second);
        Assert.Equal(19, second.Newest().Count());
        Assert.DoesNotContain("t5", second.Newest());
    }

    [Theory]
    [InlineData(Accident.DieBefore)]
    [InlineData(Accident.DieAfter)]
    public void Wherever_an_instance_dies_while_listing_a_saved_ticket_is_found(Accident death)
    {
        var saved = 0;
        for (var step = 1; step <= 12; step++)
        {
            var (own, ownStore) = (new SimWorld(step), new InMemoryStore());
            var first = new Replica(own, ownStore, call => call.Number == step ? death : Accident.None);
            own.Within(() => first.List("a"));
            own.Run(TimeSpan.FromSeconds(30));

            var second = new Replica(own, ownStore);
            own.Within(() => second.CatalogLoader.Run(CancellationToken.None));
            own.Run(TimeSpan.FromSeconds(1));
            var isSaved = own.Complete(() => second.Tickets.Find("a")) is not null;
            Assert.Equal(isSaved ? ["a"] : [], second.Newest());
            saved += isSaved ? 1 : 0;
        }
        Assert.InRange(saved, 1, 11);
    }

    [Fact]
    public void An_overdue_lock_is_said_again_ever_less_often_until_its_order_ends()
    {
        var one = new Replica(world, store);
        Start(one);
        world.Complete(() => one.List("a"));
        world.Complete(() => one.ApplyOrder("a", Some.Order(1, OrderStatus.Created)));
        world.Run(Some.Until + TimeSpan.FromSeconds(4) - world.Clock.GetUtcNow());
        Assert.Empty(one.Repeats());

        world.Run(TimeSpan.FromSeconds(4));
        Assert.NotEmpty(one.Repeats());
        world.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(one.Repeats().Count, 8, 25);

        world.Complete(() => one.ApplyOrder("a", Some.Order(1, OrderStatus.Cancelled)));
        var said = one.Repeats().Count;
        world.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(said, one.Repeats().Count);
    }

    [Fact]
    public void An_overdue_lock_that_another_replica_saw_end_is_open_here_within_seconds()
    {
        var (one, two) = (new Replica(world, store), new Replica(world, store));
        world.CompleteAll(() => Enumerable.Range(0, 4_000).Select(i => one.List($"t{i}")));
        world.Complete(() => one.ApplyOrder("t3999", Some.Order(1, OrderStatus.Created)));
        world.Run(Some.Until - TimeSpan.FromSeconds(2) - world.Clock.GetUtcNow());
        Start(two);
        // Too early for the page-by-page re-read to have reached all of them.
        world.Complete(() => one.ApplyOrder("t3999", Some.Order(1, OrderStatus.Cancelled)));
        world.Run(Some.Until + TimeSpan.FromSeconds(8) - world.Clock.GetUtcNow());

        Assert.Empty(two.Catalog.LockedUntil(DateTimeOffset.MaxValue));
        Assert.Empty(two.Repeats());
    }

    void Start(Replica replica)
    {
        world.Within(() => replica.CatalogLoader.Run(CancellationToken.None));
        world.Run(TimeSpan.FromSeconds(1));
    }
}
