using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Orders.Tests;

/// <summary>An order that a newer build has saved with a word this one does not know.</summary>
public sealed class NewerBuildTests : IAsyncLifetime
{
    readonly InMemoryStore store = new();
    OrdersHost host = null!;

    public async ValueTask InitializeAsync()
    {
        host = await OrdersHost.Start(store);
        foreach (var ticket in new[] { "known", "newer" })
        {
            await host.Deliver(Samples.Ticket() with { Id = new(ticket) });
            await host.Placed(Samples.Ann, new(ticket));
        }
        var saved = store.Get("book:newer")!.Value;
        store.Save("book:newer", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(saved.Value.Span)
            .Replace("\"status\":\"created\"", "\"status\":\"disputed\"", StringComparison.Ordinal)), saved.ETag);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Its_buyer_sees_it_as_it_is_among_the_others()
    {
        Assert.Equal("disputed", (await Get("/api/orders/newer-1")).GetProperty("status").GetString());
        var list = await Get("/api/orders");
        Assert.Equal(["created", "disputed"],
            list.GetProperty("items").EnumerateArray().Select(order => order.GetProperty("status").GetString()).Order());
        var step = Assert.Single((await Get("/api/orders/newer-1/timeline")).GetProperty("items").EnumerateArray());
        Assert.Equal("A newer version of the shop changed it.", step.GetProperty("why").GetString());
    }

    [Fact]
    public async Task Nobody_can_change_it_here()
    {
        var before = store.Get("book:newer")!.Value.ETag;
        await OrdersHost.Refused(await host.As(Samples.Ann).DeleteAsync("/api/orders/newer-1"), 503, "newer-version");
        await using var replica = await OrdersHost.Start(store);    // it does not remember that the ticket is held
        await OrdersHost.Refused(await replica.Place(Samples.Ben, new("newer")), 503, "newer-version");
        Assert.Equal(before, store.Get("book:newer")!.Value.ETag);
        Assert.True((await host.As(Samples.Ann).DeleteAsync("/api/orders/known-1")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_archived_one_is_shown_too_and_its_reason_can_be_erased()
    {
        var json = JsonSerializer.Serialize(
            new Order(new(new("old"), 1), Samples.Ann, Samples.Seller, "A", new(1, "usd"), 1, Samples.Now, Samples.Now)
            {
                RefundRequest = new("I cannot come.", Samples.Now),
            }, OrdersJson.Default.Order).Replace("created", "disputed", StringComparison.Ordinal);
        store.Save("order:old-1", Encoding.UTF8.GetBytes(json), null);
        var archive = (Archive)host.Service.Services.GetService(typeof(Archive))!;
        var found = await archive.Find(new OrderId(new("old"), 1), TestContext.Current.CancellationToken);
        Assert.Equal("order.changed", StepView.Of(new(Samples.Now, found!.Status, null, "", null)).Type);
        await archive.EraseReason(new(new("old"), 1), TestContext.Current.CancellationToken);
        var after = Encoding.UTF8.GetString(store.Get("order:old-1")!.Value.Value.Span);
        Assert.Contains("\"status\":\"disputed\"", after, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot come", after, StringComparison.Ordinal);
    }

    async Task<JsonElement> Get(string path) => await host.As(Samples.Ann).GetFromJsonAsync<JsonElement>(path);
}
