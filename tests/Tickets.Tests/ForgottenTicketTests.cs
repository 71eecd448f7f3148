using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>Sold and withdrawn tickets leave the catalog's memory after a day.</summary>
public class ForgottenTicketTests
{
    static readonly DateTimeOffset tomorrow = Some.Noon + Catalog.ForgetAfter;

    readonly Catalog catalog = new();

    public ForgottenTicketTests()
    {
        catalog.Complete();
        foreach (var (status, id) in new[] { ("open", "o1"), ("locked", "l1"), ("sold", "s1"), ("withdrawn", "w1") })
            catalog.Apply(Some.In(status).Snapshot() with { Id = new(id), Version = 5 });
        catalog.Forget(Some.Noon);
    }

    [Fact]
    public void Only_those_that_ended_are_forgotten_and_not_before_their_time()
    {
        catalog.Forget(tomorrow - TimeSpan.FromSeconds(1));
        Assert.Equal(4, catalog.Count);
        catalog.Forget(tomorrow);
        Assert.Equal(2, catalog.Count);
        Assert.True(catalog.Contains(new("s1")));
        var page = catalog.Of(Some.Seller, 10, null);
        Assert.Equal(["s1", "w1"], page.Forgotten.Select(id => id.Value).Order());
        Assert.Equal(["l1", "o1"], page.Tickets.Select(ticket => ticket.Id.Value).Order());
    }

    [Fact]
    public void One_that_changed_since_stays()
    {
        catalog.Apply(Some.Open.Snapshot() with { Id = new("s1"), Version = 6 });
        catalog.Forget(tomorrow);
        Assert.Contains(catalog.Search(new(SortBy.Newest, 10)).Tickets, ticket => ticket.Id.Value == "s1");
    }

    [Fact]
    public void An_old_event_does_not_bring_it_back_and_a_newer_one_does()
    {
        catalog.Forget(tomorrow);
        Assert.False(catalog.Apply(Some.Open.Snapshot() with { Id = new("s1"), Version = 5 }));
        Assert.DoesNotContain(catalog.Search(new(SortBy.Newest, 10)).Tickets, ticket => ticket.Id.Value == "s1");
        Assert.True(catalog.Apply(Some.Open.Snapshot() with { Id = new("s1"), Version = 6 }));    // refunded
        Assert.Contains(catalog.Search(new(SortBy.Newest, 10)).Tickets, ticket => ticket.Id.Value == "s1");
        Assert.Single(catalog.Of(Some.Seller, 10, null).Tickets, ticket => ticket.Id.Value == "s1");
    }

    [Fact]
    public void Memory_does_not_grow_with_what_was_ever_sold()
    {
        var now = Some.Noon;
        for (var day = 0; day < 50; day++, now += Catalog.ForgetAfter)
        {
            for (var i = 0; i < 100; i++)
                catalog.Apply(Some.In("sold").Snapshot() with { Id = new($"d{day}x{i}") });
            catalog.Forget(now);
            Assert.InRange(catalog.Count, 100, 4 + 2 * 100);
        }
    }

    [Fact]
    public void A_show_that_has_begun_is_forgotten_a_day_later_unless_it_is_locked()
    {
        var begins = Some.Terms.StartsAt!.Value;
        catalog.Forget(begins);
        Assert.Equal(2, catalog.Count);                 // s1 and w1 ended long ago
        Assert.Empty(catalog.Search(new(SortBy.Newest, 10)).Tickets);
        catalog.Forget(begins + Catalog.ForgetAfter);
        Assert.Equal(["l1"], catalog.LockedUntil(begins).Select(id => id.Value));
        Assert.Equal((1, 0), (catalog.Count, catalog.OnSale(Some.Seller)));

        catalog.Apply(Some.In("ended").Snapshot() with { Id = new("l1"), Version = 6 });
        catalog.Forget(begins + Catalog.ForgetAfter);
        Assert.Equal((0, 0), (catalog.Count, catalog.OnSale(Some.Seller)));
        var later = Some.Open.Snapshot() with { Id = new("o1"), Version = 6, StartsAt = begins.AddDays(9) };
        Assert.True(catalog.Apply(later));              // moved
        Assert.Equal((1, 1), (catalog.Count, catalog.OnSale(Some.Seller)));
    }

    [Fact]
    public async Task Its_pages_come_from_its_document()
    {
        var clock = new FakeTimeProvider(Some.Noon);
        await using var host = await ServiceHost.Start(TicketsApp.Build, clock: clock);
        await Eventually.Is(async () =>
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            return (await host.Anonymous.GetAsync("/api/tickets")).IsSuccessStatusCode;
        });
        var ids = new List<string>();
        foreach (var title in new[] { "first", "second", "third" })
        {
            using var answer = await host.As("seller").PostAsJsonAsync("/api/tickets", TicketsHost.Hamlet(title));
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("id")!);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        (await host.As("seller").DeleteAsync($"/api/tickets/{ids[1]}")).EnsureSuccessStatusCode();
        var memory = host.Services.GetRequiredService<Catalog>();
        memory.Forget(clock.GetUtcNow());
        memory.Forget(clock.GetUtcNow() + Catalog.ForgetAfter);
        Assert.Equal(2, memory.Count);

        var mine = await host.As("seller").GetFromJsonAsync<JsonElement>("/api/tickets/mine");
        Assert.Equal(Enumerable.Reverse(ids), mine.Ids());
        var page = await host.As("seller").GetFromJsonAsync<JsonElement>("/api/tickets/mine?limit=2");
        var next = await host.As("seller").GetFromJsonAsync<JsonElement>($"/api/tickets/mine?limit=2&after={page.Text("next")}");
        Assert.Equal(Enumerable.Reverse(ids), page.Ids().Concat(next.Ids()));
        Assert.Equal("withdrawn",
            (await host.Anonymous.GetFromJsonAsync<JsonElement>($"/api/tickets/{ids[1]}")).Text("status"));
    }
}
