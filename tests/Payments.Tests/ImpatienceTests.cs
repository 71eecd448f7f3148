using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Buyers who are faster than the events of their order.</summary>
public sealed class ImpatienceTests : IAsyncLifetime
{
    static readonly OrderId Order = OrderId.Parse("t1-1", null);
    Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.Open();
    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task An_order_not_heard_of_is_asked_for()
    {
        shop.OrdersSays(Order, shop.Snapshot(Order, OrderStatus.AwaitingPayment));
        Assert.Equal("authorized", (await shop.Paid(Order)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_order_that_has_not_got_its_ticket_yet_is_waited_for_a_moment()
    {
        var created = shop.Snapshot(Order, OrderStatus.Created);
        shop.OrdersSays(Order, created, created, shop.Snapshot(Order, OrderStatus.AwaitingPayment));
        Assert.Equal("authorized", (await shop.Paid(Order)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task But_not_for_ever()
    {
        shop.OrdersSays(Order, shop.Snapshot(Order, OrderStatus.Created));
        var answer = await shop.Pay(Order, "pm_card_visa");
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("created",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("orderStatus").GetString());
    }

    [Fact]
    public async Task An_order_that_does_not_exist_cannot_be_paid_nor_one_of_somebody_else()
    {
        shop.OrdersSays(Order, (OrderSnapshot?)null);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Pay(Order)).StatusCode);
        shop.OrdersSays(Order, shop.Snapshot(Order, OrderStatus.AwaitingPayment)
            with
        { Buyer = UserId.Parse("other", null) });
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Pay(Order)).StatusCode);
    }

    [Fact]
    public async Task When_orders_is_down_the_buyer_is_told_to_come_again()
    {
        var answer = await shop.Pay(Order);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1"),
            (answer.StatusCode, answer.Headers.RetryAfter!.ToString()));
    }
}
