using CsCheck;
using Ticketing.Contracts;

namespace Ticketing.Tickets.Tests;

public class CatalogTests
{
    static readonly string[] Titles = ["Hamlet", "Macbeth", "Beyoncé live", "The Tempest", "Hamlet, the musical", "O'Neill", "ONeill", "東京公演"];
    static readonly string[] Seats = ["Row 1 Seat 4", "Row 12 Seat 40", "Standing"];

    static readonly Gen<TicketSnapshot> Ticket =
        from number in Gen.Int[0, 40]
        from version in Gen.Int[1, 5]
        from title in One(Titles)
        from seat in One(Seats)
        from price in Gen.Int[1, 6]
        from currency in One("usd", "jpy", "gbp")
        from day in Gen.Int[0, 4]
        from fate in Gen.Int[0, 9]
        select Some.Open.Snapshot() with
        {
            Id = new($"t{number}"),
            Version = version,
            Seller = new($"s{number % 3}"),
            Title = title,
            Seat = seat,
            Price = new(price, currency),
            StartsAt = day == 0 ? null : Some.Noon.AddDays(day),
            ListedAt = Some.Noon.AddMinutes(number / 2),
            Withdrawn = fate == 7,
            Lock = fate is 8 or 9 ? new(1, LockState.Granted, new(new($"t{number}"), 1), Some.Buyer, Some.Until) : null,
            SoldTo = fate == 9 ? new(new($"t{number}"), 1) : null,
        };

    static readonly Gen<CatalogQuery> Query =
        from sort in One(SortBy.Newest, SortBy.Price, SortBy.Date)
        from limit in Gen.Int[1, 7]
        from q in One("", "ham", "hamlet mus", "row", "row 1", "beyonce", "the temp", "seat 4 row", "o'neill", "oneill", "公演", "京", "nothing")
        from max in Gen.Int[0, 7]
        from day in Gen.Int[0, 5]
        from now in Gen.Int[0, 5]
        from currency in One("usd", "jpy", "gbp", "nok", null)
        select new CatalogQuery(sort, limit, null, max > 6 ? null : max, day == 0 ? null : Some.Noon.AddDays(day))
        {
            Currency = currency ?? (sort == SortBy.Price || max <= 6 ? "usd" : null),
            Now = now == 0 ? default : Some.Noon.AddDays(now),
            Words = [.. SearchWords.InQuery(q)],
        };

    static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    static Catalog Filled(IEnumerable<TicketSnapshot> tickets)
    {
        var catalog = new Catalog();
        foreach (var ticket in tickets)
            catalog.Apply(ticket);
        catalog.Complete();
        return catalog;
    }

    [Fact]
    public void Every_query_finds_what_a_look_at_every_ticket_finds_page_by_page()
    {
        Gen.Select(Ticket.Array[0, 120], Query).Sample((tickets, query) =>
        {
            var newest = tickets.GroupBy(ticket => ticket.Id).Select(same => same.MaxBy(ticket => ticket.Version)!);
            var expected = newest.Select(ticket => Listing.Of(ticket, new())).Where(listing => listing.Matches(query))
                .OrderBy(listing => listing.By(query.Sort)).Select(listing => listing.Ticket.Id);
            var found = Pages(Filled(tickets), query).SelectMany(page => page.Tickets);
            Assert.Equal(expected, found.Select(ticket => ticket.Id));
        });
    }

    [Fact]
    public void A_look_at_the_clock_finds_what_a_look_before_it_finds()
    {
        Gen.Select(Ticket.Array[0, 120], Query).Sample((tickets, query) =>
        {
            var (before, after) = (Filled(tickets), Filled(tickets));
            after.Forget(query.Now == default ? Some.Noon : query.Now);
            Assert.Equal(Pages(before, query).SelectMany(page => page.Tickets),
                Pages(after, query).SelectMany(page => page.Tickets));
        });
    }

    [Fact]
    public void A_sellers_own_list_has_every_ticket_in_any_status_newest_first()
    {
        Ticket.Array[0, 120].Sample(tickets =>
        {
            var catalog = Filled(tickets);
            var expected = tickets.Where(ticket => ticket.Seller.Value == "s1")
                .OrderByDescending(ticket => ticket.ListedAt).ThenBy(ticket => ticket.Id.Value, StringComparer.Ordinal)
                .Select(ticket => ticket.Id).Distinct();
            var found = new List<TicketId>();
            for (Cursor? after = null; ;)
            {
                var page = catalog.Of(new("s1"), 4, after);
                found.AddRange(page.Tickets.Select(ticket => ticket.Id));
                if ((after = page.Next) is null)
                    break;
            }
            Assert.Equal(expected, found);
        });
    }

    [Fact]
    public void Whatever_is_listed_and_sold_meanwhile_the_next_page_neither_repeats_nor_skips()
    {
        var changes = from tickets in Ticket.Array[20, 120]
                      from meanwhile in Ticket.Array[0, 20].Array[30]
                      from query in Query
                      select (tickets, meanwhile, query);
        changes.Sample(world =>
        {
            var catalog = Filled(world.tickets);
            var there = Pages(catalog, world.query with { Limit = 100 }).SelectMany(page => page.Tickets).ToList();
            var changed = world.meanwhile.SelectMany(some => some).Select(ticket => ticket.Id).ToHashSet();
            var turn = 0;
            var seen = Pages(catalog, world.query, () =>
            {
                foreach (var ticket in world.meanwhile[turn++ % world.meanwhile.Length])
                    catalog.Apply(ticket with { Version = ticket.Version + 10 });
            }).SelectMany(page => page.Tickets).Select(ticket => ticket.Id).ToList();

            var untouched = there.Select(ticket => ticket.Id).Where(id => !changed.Contains(id));
            Assert.Equal(untouched, seen.Where(id => !changed.Contains(id)));
        });
    }

    [Fact]
    public void A_lock_takes_a_ticket_out_of_every_list_and_its_end_puts_it_back_where_it_was()
    {
        var catalog = Filled(new[] { "a", "b", "c" }.Select(id => Some.Open.Snapshot() with { Id = new(id) }));
        var query = new CatalogQuery(SortBy.Price, 10) { Currency = "usd", Words = [.. SearchWords.InQuery("ham")] };

        catalog.Apply(Some.In("locked").Snapshot() with { Id = new("b") });
        Assert.Equal(["a", "c"], catalog.Search(query).Tickets.Select(ticket => ticket.Id.Value));
        catalog.Apply(Some.In("ended").Snapshot() with { Id = new("b") });
        Assert.Equal(["a", "b", "c"], catalog.Search(query).Tickets.Select(ticket => ticket.Id.Value));
    }

    [Fact]
    public void Old_news_changes_nothing_and_nobody_is_told()
    {
        var catalog = Filled([Some.In("sold").Snapshot()]);
        var told = 0;
        catalog.Changed += (_, _) => told++;

        Assert.False(catalog.Apply(Some.Open.Snapshot()));
        Assert.False(catalog.Apply(Some.In("sold").Snapshot()));
        Assert.Empty(catalog.Search(new(SortBy.Newest, 10)).Tickets);
        Assert.Equal(0, told);
    }

    static IEnumerable<CatalogPage> Pages(Catalog catalog, CatalogQuery query, Action? between = null)
    {
        while (true)
        {
            var page = catalog.Search(query);
            Assert.True(page.Tickets.Count == query.Limit || page.Next is null);
            yield return page;
            if (page.Next is null)
                yield break;
            between?.Invoke();
            Assert.True(Cursor.TryParse(page.Next.ToString(), out var after));
            query = query with { After = after };
        }
    }
}
