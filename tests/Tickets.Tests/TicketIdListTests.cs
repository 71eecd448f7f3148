using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

public class TicketIdListTests
{
    readonly SimWorld world = new(1);
    readonly InMemoryStore store = new();

    [Fact]
    public void Ids_in_flight_share_a_write_and_fill_page_after_page()
    {
        var one = new Replica(world, store);
        var saves = 0;
        one.Sidecar.Script = call =>
        {
            saves += call.Operation == Operation.Save ? 1 : 0;
            return Accident.None;
        };
        world.CompleteAll(() => Ids(0, 600).Select(one.TicketIdList.Add));

        Assert.Equal([256, 256, 88], Pages().Select(page => page.Ids.Count));
        Assert.Equal(Ids(0, 600), Pages().SelectMany(page => page.Ids));
        Assert.InRange(saves, 3, 8);
    }

    [Fact]
    public void Replicas_that_meet_at_the_last_page_lose_nothing()
    {
        var replicas = new[] { new Replica(world, store), new Replica(world, store), new Replica(world, store) };
        world.CompleteAll(() => replicas.SelectMany((replica, i) =>
            Ids(i * 200, 200).Select(replica.TicketIdList.Add)));

        Assert.Equal(Ids(0, 600).ToHashSet(), Pages().SelectMany(page => page.Ids).ToHashSet());
        Assert.Equal(3, Pages().Count);
    }

    [Theory]
    [InlineData(Accident.FailBefore)]
    [InlineData(Accident.FailAfter)]
    [InlineData(Accident.ReplyConflict)]
    public void Whatever_becomes_of_a_write_the_id_is_in_the_register_once(Accident accident)
    {
        var one = new Replica(world, store,
            call => call is { Operation: Operation.Save, Number: < 4 } ? accident : Accident.None);
        world.Complete(() => one.TicketIdList.Add(new("a")));

        Assert.Equal(["a"], Pages().SelectMany(page => page.Ids).Select(id => id.Value));
    }

    [Fact]
    public void While_the_store_is_away_nothing_is_entered_and_its_caller_is_told()
    {
        var one = new Replica(world, store, _ => Accident.FailBefore);
        Assert.Throws<TryAgainException>(() => world.Complete(() => one.TicketIdList.Add(new("a"))));

        one.Sidecar.Script = _ => Accident.None;
        world.Complete(() => one.TicketIdList.Add(new("b")));
        Assert.Equal(["b"], Pages().SelectMany(page => page.Ids).Select(id => id.Value));
    }

    [Fact]
    public void A_page_that_cannot_be_read_stops_nobody_and_counts_again_once_it_is_mended()
    {
        var one = new Replica(world, store);
        store.Save("catalog:0", "nonsense"u8.ToArray(), null);
        world.Complete(() => one.TicketIdList.Add(new("a")));
        Assert.Equal(["a"], Pages().SelectMany(page => page.Ids).Select(id => id.Value));

        store.Save("catalog:0", "{\"ids\":[]}"u8.ToArray(), store.Get("catalog:0")!.Value.ETag);
        world.Complete(() => new Replica(world, store).TicketIdList.Add(new("b")));
        Assert.Equal(["b", "a"], Pages().SelectMany(page => page.Ids).Select(id => id.Value));
    }

    static IEnumerable<TicketId> Ids(int first, int count) =>
        Enumerable.Range(first, count).Select(number => new TicketId($"t{number}"));

    IReadOnlyList<TicketIdPage> Pages() =>
        world.Complete(() => new Replica(world, store).TicketIdList.Read(0, 10, CancellationToken.None));
}
