using CsCheck;

namespace Ticketing.Tickets.Tests;

public class SortedIndexTests
{
    static readonly Gen<IndexKey> Some = from word in Gen.Int[0, 4]
                                      from rank in Gen.Int[0, 3]
                                      from id in Gen.Int[0, 400]
                                      select new IndexKey($"w{word}", rank, new($"t{id}"));

    [Fact]
    public void It_is_a_sorted_set_however_many_pieces_it_lies_in()
    {
        var runs = from moves in Gen.Select(Some, Gen.Int[0, 4]).Array[0, 4_000]
                   from asked in Some
                   from end in Some
                   select (moves, asked, end);
        runs.Sample(run =>
        {
            var (index, model) = (new SortedIndex(), new SortedSet<IndexKey>());
            foreach (var (key, what) in run.moves)
            {
                if (what == 0)
                    model.Remove(key);
                else
                    model.Add(key);
                index.Move(what == 0 ? key : null, what == 0 ? null : key);
            }
            Assert.Equal(model.Count, index.Count);
            Assert.Equal(model, index.Between(IndexKey.First, IndexKey.Last));
            var between = model.Where(key => key > run.asked && key < run.end);
            Assert.Equal(between, index.Between(run.asked, run.end));
            Assert.Equal(model.Count(key => key < run.asked), index.CountBefore(run.asked));
            var known = model.FirstOrDefault(key => key.Group == run.asked.Group).Group;
            Assert.True(known is null || ReferenceEquals(known, index.Shared(run.asked.Group)));
        }, iter: 60);
    }

    [Fact]
    public void A_walk_goes_on_while_keys_come_and_go()
    {
        var index = new SortedIndex();
        for (var i = 0; i < 2_000; i++)
            index.Move(null, new("", i, new("t")));
        var seen = new List<long>();
        foreach (var key in index.Between(IndexKey.First, IndexKey.Last))
        {
            seen.Add(key.Rank);
            index.Move(key, null);
            index.Move(null, key with { Rank = -key.Rank - 1 });
        }
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (long)i), seen);
    }
}
