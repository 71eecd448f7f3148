using CsCheck;

namespace Ticketing.Tickets.Tests;

public class SortedKeysTests
{
    static readonly Gen<SortKey> Some = from word in Gen.Int[0, 4]
                                        from rank in Gen.Int[0, 3]
                                        from id in Gen.Int[0, 400]
                                        select new SortKey($"w{word}", rank, new($"t{id}"));

    [Fact]
    public void It_is_a_sorted_set_however_many_pieces_it_lies_in()
    {
        var runs = from moves in Gen.Select(Some, Gen.Int[0, 4]).Array[0, 4_000]
                   from asked in Some
                   from end in Some
                   select (moves, asked, end);
        runs.Sample(run =>
        {
            var (keys, model) = (new SortedKeys(), new SortedSet<SortKey>());
            foreach (var (key, what) in run.moves)
            {
                if (what == 0)
                    model.Remove(key);
                else
                    model.Add(key);
                keys.Move(what == 0 ? key : null, what == 0 ? null : key);
            }
            Assert.Equal(model.Count, keys.Count);
            Assert.Equal(model, keys.Between(SortKey.First, SortKey.Last));
            var between = model.Where(key => key > run.asked && key < run.end);
            Assert.Equal(between, keys.Between(run.asked, run.end));
            Assert.Equal(model.Count(key => key < run.asked), keys.CountBefore(run.asked));
            var known = model.FirstOrDefault(key => key.Group == run.asked.Group).Group;
            Assert.True(known is null || ReferenceEquals(known, keys.Shared(run.asked.Group)));
        }, iter: 60);
    }

    [Fact]
    public void A_walk_goes_on_while_places_come_and_go()
    {
        var keys = new SortedKeys();
        for (var i = 0; i < 2_000; i++)
            keys.Move(null, new("", i, new("t")));
        var seen = new List<long>();
        foreach (var key in keys.Between(SortKey.First, SortKey.Last))
        {
            seen.Add(key.Rank);
            keys.Move(key, null);
            keys.Move(null, key with { Rank = -key.Rank - 1 });
        }
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (long)i), seen);
    }
}
