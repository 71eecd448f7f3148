using System.Net;
using System.Net.Http.Json;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>Buyers ask for a refund; the seller decides.</summary>
public sealed class RefundRequestTests
{
    [Theory]
    [InlineData("Created", "order-not-complete")]
    [InlineData("AwaitingPayment", "order-not-complete")]
    [InlineData("Complete", null)]
    [InlineData("Cancelled", "order-not-complete")]
    [InlineData("Refunding", null)]
    [InlineData("Refunded", null)]
    public void Every_status_meets_it(string status, string? refusal)
    {
        var before = In(Enum.Parse<OrderStatus>(status));
        var asked = before.AskRefund(First, Ann, "I am ill.", Now);
        Assert.Equal(refusal, asked.Refusal?.Code);
        Assert.Equal(status == "Complete", asked.Changed);
        Assert.Empty(asked.Events);
        foreach (var other in new[] { Ben, Seller })
            Assert.Equal(Order.NotFound, before.AskRefund(First, other, "It is mine.", Now).Refusal);
    }

    [Fact]
    public void The_same_words_again_change_nothing_and_other_words_count()
    {
        var asked = Do(In(OrderStatus.Complete), book => book.AskRefund(First, Ann, "I am ill.", Now));
        Assert.False(asked.AskRefund(First, Ann, "I am ill.", Now.AddHours(1)).Changed);
        var again = Do(asked, book => book.AskRefund(First, Ann, "I am well, but far away.", Now.AddHours(1)));
        Assert.Equal(new("I am well, but far away.", Now.AddHours(1)), again.Find(First)!.RefundRequest);
        Assert.Equal(asked.Version, again.Version);
    }

    [Fact]
    public void It_does_not_get_in_the_way_of_the_refund()
    {
        var asked = Do(In(OrderStatus.Complete), book => book.AskRefund(First, Ann, "I am ill.", Now));
        var refunded = Do(Do(asked, book => book.Refund(First, Seller, Now)), Deliver(PaymentStatus.Refunded));
        Assert.Equal(OrderStatus.Refunded, refunded.Find(First)!.Status);
    }

    [Fact]
    public async Task Its_buyer_and_its_seller_read_it_and_nobody_else()
    {
        await using var orders = await Paid();
        Assert.Equal([], await Requests(orders, Seller));
        Assert.Equal(HttpStatusCode.Accepted, (await Ask(orders, " I am ill.\nReally. ")).StatusCode);
        foreach (var reader in new[] { Ann, Seller })
            Assert.Equal([(First, "I am ill. Really.")], await Requests(orders, reader));
        Assert.Equal([], await Requests(orders, Ben));
        Assert.Equal(3, orders.NewEvents.Count);     // created, locked, paid: the request publishes nothing

        await orders.As(Seller).PostAsync($"/api/orders/{First}/refund", null);
        Assert.Equal([], await Requests(orders, Seller));
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n ")]
    [InlineData("\u200b\u2800")]
    [InlineData("a\u0007b")]
    [InlineData("a\u202eb")]
    [InlineData(null)]
    public async Task A_reason_is_words(string? reason)
    {
        await using var orders = await Paid();
        await OrdersHost.Refused(await Ask(orders, reason), 400, "invalid");
        await OrdersHost.Refused(await Ask(orders, new string('a', 501)), 400, "invalid");
        Assert.Equal([], await Requests(orders, Seller));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?of=")]
    [InlineData("?of=show1")]
    [InlineData("?of=show1-1&of=no-order")]
    public async Task What_is_no_order_is_refused(string query)
    {
        await using var orders = await OrdersHost.Start();
        await OrdersHost.Refused(await orders.As(Ann).GetAsync($"/api/orders/refund-requests{query}"), 400, "invalid");
    }

    static async Task<OrdersHost> Paid()
    {
        var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
        await orders.Deliver(Payment(PaymentStatus.Authorized));
        return orders;
    }

    static Task<HttpResponseMessage> Ask(OrdersHost orders, string? reason) =>
        orders.As(Ann).PostAsJsonAsync($"/api/orders/{First}/refund-request", new { reason });

    static async Task<IEnumerable<(OrderId, string)>> Requests(OrdersHost orders, UserId reader)
    {
        var list = await orders.As(reader).GetFromJsonAsync(
            $"/api/orders/refund-requests?of={First}&of={Second}", OrdersJson.Default.RefundRequestList);
        return list!.Items.Select(request => (request.OrderId, request.Reason));
    }
}
