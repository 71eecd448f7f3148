using CsCheck;

namespace Ticketing.Tickets.Tests;

public class SortedPlacesTests
{
    static readonly Gen<Place> Some = from word in Gen.Int[0, 4]
                                      from rank in Gen.Int[0, 3]
                                      from id in Gen.Int[0, 400]
                                      select new Place($"w{word}", rank, new($"t{id}"));

    [Fact]
    public void It_is_a_sorted_set_however_many_pieces_it_lies_in()
    {
        var runs = from moves in Gen.Select(Some, Gen.Int[0, 4]).Array[0, 4_000]
                   from asked in Some
                   from end in Some
                   select (moves, asked, end);
        runs.Sample(run =>
        {
            var (places, model) = (new SortedPlaces(), new SortedSet<Place>());
            foreach (var (place, what) in run.moves)
            {
                if (what == 0)
                    model.Remove(place);
                else
                    model.Add(place);
                places.Move(what == 0 ? place : null, what == 0 ? null : place);
            }
            Assert.Equal(model.Count, places.Count);
            Assert.Equal(model, places.Between(Place.First, Place.Last));
            var between = model.Where(place => place > run.asked && place < run.end);
            Assert.Equal(between, places.Between(run.asked, run.end));
            Assert.Equal(model.Count(place => place < run.asked), places.CountBefore(run.asked));
            var known = model.FirstOrDefault(place => place.Group == run.asked.Group).Group;
            Assert.True(known is null || ReferenceEquals(known, places.Shared(run.asked.Group)));
        }, iter: 60);
    }

    [Fact]
    public void A_walk_goes_on_while_places_come_and_go()
    {
        var places = new SortedPlaces();
        for (var i = 0; i < 2_000; i++)
            places.Move(null, new("", i, new("t")));
        var seen = new List<long>();
        foreach (var place in places.Between(Place.First, Place.Last))
        {
            seen.Add(place.Rank);
            places.Move(place, null);
            places.Move(null, place with { Rank = -place.Rank - 1 });
        }
        Assert.Equal(Enumerable.Range(0, 2_000).Select(i => (long)i), seen);
    }
}
