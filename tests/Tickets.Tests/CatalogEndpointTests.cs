using System.Net;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Tickets.Tests.TicketsHost;

namespace Ticketing.Tickets.Tests;

public class CatalogEndpointTests(TicketsHost service) : IClassFixture<TicketsHost>
{
    [Fact]
    public async Task Only_open_tickets_are_listed_and_all_of_ones_own()
    {
        var ids = new List<string>();
        foreach (var title in new[] { "open", "locked", "sold", "withdrawn" })
            ids.Add((await service.List("anna", Hamlet($"annas {title}"))).Text("id")!);
        await service.ApplyOrder(ids[1], 1, OrderStatus.Created);
        await service.ApplyOrder(ids[2], 1, OrderStatus.Complete);
        using var anna = service.Host.As("anna");
        await anna.DeleteAsync($"/api/tickets/{ids[3]}");

        Assert.Equal([ids[0]], (await service.Get("/api/tickets?q=annas")).Ids());
        var mine = await service.Get("/api/tickets/mine", "anna");
        Assert.Equal(Enumerable.Reverse(ids), mine.Ids());
        Assert.Equal(["withdrawn", "sold", "locked", "open"],
            mine.GetProperty("items").EnumerateArray().Select(ticket => ticket.Text("status")));
        Assert.Equal($"{ids[2]}-1", mine.GetProperty("items")[1].Text("orderId"));
        Assert.Empty((await service.Get("/api/tickets/mine", "nobody")).Ids());
    }

    [Fact]
    public async Task Pages_follow_each_other_by_every_sort()
    {
        foreach (var price in new[] { 300, 100, 200, 500, 400 })
        {
            var startsAt = $"2031-01-{31 - price / 20:00}T20:00:00Z";
            await service.List("ben", new { title = "Paged", price, startsAt });
        }

        Assert.Equal(["100", "200", "300", "400", "500"], await All("sort=price", "price"));
        Assert.Equal(["500", "400", "300", "200", "100"], await All("sort=date", "price"));
        Assert.Equal(["400", "500", "200", "100", "300"], await All("", "price"));
        Assert.Equal(["100", "200", "300"], await All("sort=price&maxPrice=300", "price"));
        Assert.Equal(["300", "200", "100"], await All("sort=date&notBefore=2031-01-16T20:00:00Z", "price"));
        Assert.Equal(["100", "200"], await All("sort=price&notBefore=2031-01-17T00:00:00%2B02:00", "price"));
    }

    [Fact]
    public async Task Prices_are_compared_within_one_currency()
    {
        (int, string)[] prices = [(300, "usd"), (100, "jpy"), (200, "usd"), (50, "jpy"), (400, "usd"), (70, "gbp")];
        foreach (var (price, currency) in prices)
            await service.List("cleo", new { title = "Priced", price, currency });

        async Task AssertFound(string query, params string[] expected) =>
            Assert.Equal(expected, await All($"{query}&q=priced", "price"));
        await AssertFound("sort=price", "200", "300", "400");
        await AssertFound("sort=price&currency=jpy", "50", "100");
        await AssertFound("sort=price&currency=jpy&maxPrice=99", "50");
        await AssertFound("maxPrice=300", "200", "300");
        await AssertFound("maxPrice=300&currency=gbp", "70");
        await AssertFound("currency=jpy", "50", "100");
        await AssertFound("currency=usd&notBefore=2030-01-01T00:00:00Z");
        await AssertFound("", "70", "400", "50", "200", "100", "300");
        await AssertFound("sort=price&currency=nok");
    }

    [Theory]
    [InlineData("sort=price&currency=jpy")]
    [InlineData("maxPrice=500&currency=jpy")]
    [InlineData("currency=jpy")]
    public async Task The_next_page_keeps_the_currency_and_takes_no_other(string query)
    {
        foreach (var price in new[] { 100, 200, 300 })
            await service.List("dora", new { title = "Kept", price, currency = "jpy" });
        var sort = query.StartsWith("sort", StringComparison.Ordinal) ? "&sort=price" : "";
        var first = await service.Get($"/api/tickets?q=kept&limit=1&{query}");
        var next = await service.Get($"/api/tickets?q=kept&limit=100{sort}&after={first.Text("next")}");
        Assert.All(next.GetProperty("items").EnumerateArray(), ticket => Assert.Equal("jpy", ticket.Text("currency")));
        Assert.NotEmpty(next.Ids());
        var problem = await service.Get(
            $"/api/tickets?q=kept{sort}&currency=usd&after={first.Text("next")}", HttpStatusCode.BadRequest);
        Assert.Equal(["after"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    async Task<List<string?>> All(string query, string member)
    {
        var found = new List<string?>();
        for (var after = ""; ;)
        {
            var page = await service.Get($"/api/tickets?{(query.Contains("q=") ? "" : "q=paged&")}limit=2&{query}{after}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(ticket => ticket.Text(member)));
            if (page.Text("next") is not { } next)
                return found;
            after = $"&after={next}";
        }
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("sort=sellerId", "sort")]
    [InlineData("sort=Price", "sort")]
    [InlineData("maxPrice=-1", "maxPrice")]
    [InlineData("currency=USD", "currency")]
    [InlineData("currency=", "currency")]
    [InlineData("currency=xyz", "currency")]
    [InlineData("after=MS4xLmEueHl6&sort=price", "after")]      // "1.1.a.xyz": no currency
    [InlineData("after=MS4xLmEudXNkLmE&sort=price", "after")]   // "1.1.a.usd.a"
    [InlineData("notBefore=", "notBefore")]
    [InlineData("notBefore=2031-01-01", "notBefore")]
    [InlineData("notBefore=2031-01-01T20:00:00", "notBefore")]
    [InlineData("notBefore=1999-12-31T23:59:59Z", "notBefore")]
    [InlineData("after=", "after")]
    [InlineData("after=AAAA", "after")]
    [InlineData("after=MC4xLmE&sort=price", "after")]   // "0.1.a": of another sort
    [InlineData("after=MC4xLkE", "after")]              // "0.1.A": no id
    [InlineData("after=OS4xLmE", "after")]              // "9.1.a": no sort
    [InlineData("after=MC45OTk5OTk5OTk5OTk5OTk5OTk5OTkuYQ", "after")]
    public async Task A_query_that_makes_no_sense_is_refused_by_name(string query, string member)
    {
        var problem = await service.Get($"/api/tickets?{query}", HttpStatusCode.BadRequest);
        Assert.Equal([member], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Theory]
    [InlineData("limit=abc")]
    [InlineData("limit=1&limit=2")]
    [InlineData("maxPrice=1.5")]
    [InlineData("maxPrice=99999999999999999999")]
    public async Task A_number_that_is_none_is_refused(string query) =>
        await AssertProblem(await service.Host.Anonymous.GetAsync($"/api/tickets?{query}"), 400, "bad-request");

    [Theory]
    [InlineData("!!!")]
    [InlineData("%00")]
    [InlineData("%F0%9F%8E%AD%ED%A0%80%FF")]
    [InlineData("' OR 1=1 --")]
    public async Task A_search_for_nothing_finds_nothing(string q) =>
        Assert.Empty((await service.Get($"/api/tickets?q={q}")).Ids());

    [Fact]
    public async Task A_replica_that_hears_of_a_ticket_lists_it()
    {
        var heard = Some.Open.Snapshot() with { Id = new("heard"), Title = "Heard of" };
        using var first = await service.Host.Deliver(
            Event.Of(TicketEvents.Listed, heard), Common.DaprSidecar.Broadcast);
        Assert.Contains("applied", await first.Content.ReadAsStringAsync());
        using var second = await service.Host.Deliver(
            Event.Of(TicketEvents.Listed, heard), Common.DaprSidecar.Broadcast);
        Assert.Contains("stale", await second.Content.ReadAsStringAsync());
        Assert.Equal(["heard"], (await service.Get("/api/tickets?q=heard")).Ids());
    }

    [Fact]
    public async Task An_instance_lists_what_was_listed_before_it_started_and_is_not_ready_before()
    {
        var store = new InMemoryStore();
        await using (var first = await ServiceHost.Start(TicketsApp.Build, store: store))
        {
            using var seller = first.As("seller");
            using var listed = await seller.PostAsync("/api/tickets",
                new StringContent("""{"title":"Old","price":100}""", null, "application/json"));
            Assert.Equal(HttpStatusCode.Created, listed.StatusCode);
        }
        var away = true;
        await using var second = await ServiceHost.Start(TicketsApp.Build, builder =>
            builder.Services.Add(new(typeof(ISidecar), new InMemorySidecar(store)
            {
                Script = call => away && call.Operation == Operation.Get ? Accident.FailBefore : Accident.None,
            })));
        using var early = await second.Anonymous.GetAsync("/api/tickets");
        await AssertProblem(early, 503, "unavailable");
        Assert.Equal("1", early.Headers.GetValues("Retry-After").Single());
        using var ready = await second.Anonymous.GetAsync("/health/ready");
        Assert.Contains("catalog", await ready.Content.ReadAsStringAsync());

        away = false;
        await Eventually.Is(async () => (await second.Anonymous.GetAsync("/api/tickets")).IsSuccessStatusCode);
        var page = JsonElement.Parse(await second.Anonymous.GetStringAsync("/api/tickets"));
        Assert.Equal("Old", page.GetProperty("items")[0].Text("title"));
    }
}
