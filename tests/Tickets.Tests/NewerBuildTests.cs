using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>A ticket that a newer build has saved with a word this one does not know.</summary>
public sealed class NewerBuildTests : IAsyncLifetime
{
    readonly InMemoryStore store = new();
    ServiceHost host = null!;

    public async ValueTask InitializeAsync()
    {
        Put("catalog:0", """{"ids":["known","newer"],"tenant":"north"}""");
        Put("ticket:known", Document("known", "ended"));
        Put("ticket:newer", Document("newer", "auctioned"));
        host = await ServiceHost.Start(TicketsApp.Build, store: store);
        await Eventually.Is(async () => (await host.Anonymous.GetAsync("/api/tickets")).IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task It_is_shown_and_not_for_sale_and_the_others_are()
    {
        Assert.Equal(["known"], (await Get("/api/tickets")).Ids());
        Assert.Equal(["known", "newer"], (await Get("/api/tickets/mine")).Ids().Order());
        Assert.Equal("locked", (await Get("/api/tickets/newer")).Text("status"));
    }

    [Fact]
    public async Task Its_seller_cannot_change_it_here()
    {
        var before = Text("ticket:newer");
        await TicketsHost.AssertProblem(await host.As("sel2").DeleteAsync("/api/tickets/newer"), 503, "newer-version");
        Assert.Equal(before, Text("ticket:newer"));
        using var known = await host.As("sel2").DeleteAsync("/api/tickets/known");
        Assert.True(known.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_event_about_it_goes_to_the_dead_letters_and_one_about_another_is_applied()
    {
        Assert.Equal("DROP", await Deliver("newer"));
        Assert.Equal("SUCCESS", await Deliver("known"));
    }

    [Fact]
    public async Task What_it_has_more_is_kept_when_the_list_grows_and_the_ticket_changes()
    {
        await Deliver("known");
        Assert.Contains("\"hall\":7", Text("ticket:known"), StringComparison.Ordinal);     // in its terms
        Assert.Contains("\"tries\":2", Text("ticket:known"), StringComparison.Ordinal);    // in its lock, the order being the same
        using var listed = await host.As("sel2").PostAsJsonAsync("/api/tickets", TicketsHost.Hamlet());
        Assert.Contains("\"tenant\":\"north\"", Text("catalog:0"), StringComparison.Ordinal);
    }

    async Task<string?> Deliver(string ticket)
    {
        var id = new TicketId(ticket);
        var order = Some.Order(2, OrderStatus.Complete) with { Id = new(id, 2), TicketId = id };
        using var answer = await host.Deliver(Event.Of(OrderEvents.Completed, order));
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("status");
    }

    async Task<JsonElement> Get(string path) => await host.As("sel2").GetFromJsonAsync<JsonElement>(path);

    void Put(string key, string json) => store.Save(key, Encoding.UTF8.GetBytes(json), null);
    string Text(string key) => Encoding.UTF8.GetString(store.Get(key)!.Value.Value.Span);

    static string Document(string id, string state) => $$"""
        {"state":{"id":"{{id}}","seller":"sel2","terms":{"title":"Row A","price":{"amount":4550,"currency":"usd"},"hall":7},
        "listedAt":"2030-01-01T12:00:00+00:00","version":3,"termsVersion":1,"withdrawn":false,
        "lock":{"seq":{{(state == "ended" ? 2 : 1)}},"state":"{{state}}","orderId":"{{id}}-2","buyer":"buy3","until":"2099-01-01T12:15:00+00:00","tries":2},
        "bookVersion":2},"outbox":[],"entries":["00"]}
        """;
}
