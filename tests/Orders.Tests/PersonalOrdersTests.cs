using System.Net;
using System.Net.Http.Json;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>The export and the erasure of a buyer's data, which auth requests.</summary>
public sealed class PersonalOrdersTests
{
    [Theory]
    [InlineData("Created", 1)]
    [InlineData("AwaitingPayment", 1)]
    [InlineData("Complete", 0)]
    [InlineData("Cancelled", 0)]
    [InlineData("Refunding", 1)]
    [InlineData("Refunded", 0)]
    public async Task An_order_that_is_not_over_counts_as_live(string status, int live)
    {
        await using var orders = await OrdersHost.Start();
        await Lead(orders, Enum.Parse<OrderStatus>(status));
        var page = await Read(orders, Ann);
        Assert.Equal(live, page.Live);
        var order = Assert.Single(page.Items);
        Assert.Equal(First.ToString(), order.GetProperty("id").GetString());
        Assert.NotEmpty(order.GetProperty("timeline").EnumerateArray());
        Assert.Empty((await Read(orders, Ben)).Items);
    }

    [Fact]
    public async Task What_the_buyer_wrote_is_erased_and_the_order_stays()
    {
        await using var orders = await OrdersHost.Start();
        await Lead(orders, OrderStatus.Complete);
        await orders.As(Ann).PostAsJsonAsync($"/api/orders/{First}/refund-request", new { reason = "I am ill." });
        var before = await orders.Get(Ann, First);
        Assert.Contains("I am ill.", (await Read(orders, Ann)).Items[0].ToString(), StringComparison.Ordinal);

        Assert.Equal(0, (await Erase(orders, Ben)).Changed);
        Assert.Equal(1, (await Erase(orders, Ann)).Changed);
        Assert.Equal(0, (await Erase(orders, Ann)).Changed);
        Assert.DoesNotContain(orders.Service.Store.Keys, key => Text(orders, key).Contains("I am ill."));
        Assert.Equal(before, await orders.Get(Ann, First));

        // The seller still sees that a refund was asked for, and can give it.
        var list = await orders.As(Seller).GetFromJsonAsync($"/api/orders/refund-requests?of={First}",
            OrdersJson.Default.RefundRequestList);
        Assert.Equal("", Assert.Single(list!.Items).Reason);
        var refund = await orders.As(Seller).PostAsync($"/api/orders/{First}/refund", null);
        Assert.Equal(HttpStatusCode.Accepted, refund.StatusCode);
    }

    [Fact]
    public async Task What_was_written_about_an_archived_order_is_erased_too()
    {
        await using var orders = await OrdersHost.Start(args: ["--RateLimits:Multiplier=10"]);
        await Lead(orders, OrderStatus.Complete);
        await orders.As(Ann).PostAsJsonAsync($"/api/orders/{First}/refund-request", new { reason = "I am ill." });
        await orders.As(Seller).PostAsJsonAsync($"/api/orders/{First}/refund", new { relist = true });
        await orders.Deliver(Payment(PaymentStatus.Refunded, version: 9));
        for (var seq = 2; seq <= Book.OrdersKept + Book.MovedTogether; seq++)
        {
            await orders.Placed(Ben, Show);
            await orders.As(Ben).DeleteAsync($"/api/orders/{new OrderId(Show, seq)}");
        }
        await Eventually.Is(() => !Text(orders, "book:show1").Contains("I am ill."));
        Assert.Contains("I am ill.", Text(orders, $"order:{First}"), StringComparison.Ordinal);

        Assert.Equal(1, (await Erase(orders, Ann)).Changed);
        Assert.DoesNotContain(orders.Service.Store.Keys, key => Text(orders, key).Contains("I am ill."));
        Assert.Equal(OrderStatus.Refunded, (await orders.Get(Ann, First))!.Status);
    }

    [Fact]
    public void An_order_archived_with_words_that_are_erased_meanwhile_stays_in_the_book()
    {
        var book = Do(In(OrderStatus.Complete), book => book.AskRefund(First, Ann, "I am ill.", Now));
        var archived = book.Orders;
        var erased = Do(book, b => b.EraseReason(First, Ann));
        Assert.False(erased.Without(archived).Changed);
        Assert.Empty(erased.Without(erased.Orders).State!.Orders);
        Assert.Equal(Order.NotFound, book.EraseReason(First, Ben).Refusal);
        Assert.False(erased.EraseReason(First, Ann).Changed);
    }

    [Theory]
    [InlineData("tickets")]
    [InlineData("web")]
    public async Task Only_auth_is_told(string caller)
    {
        await using var orders = await OrdersHost.Start();
        await OrdersHost.Refused(await Ask(orders, HttpMethod.Get, "ann/orders", caller), 404, "not-found");
        await OrdersHost.Refused(await Ask(orders, HttpMethod.Post, "ann/orders/erase", caller), 404, "not-found");
        var person = await orders.As(Ann).GetAsync("/internal/users/ann/orders");
        Assert.Equal(HttpStatusCode.Unauthorized, person.StatusCode);
    }

    static async Task Lead(OrdersHost orders, OrderStatus status)
    {
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        if (status == OrderStatus.Created)
            return;
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
        if (status == OrderStatus.Cancelled)
            await orders.As(Ann).DeleteAsync($"/api/orders/{First}");
        if (status is OrderStatus.Complete or OrderStatus.Refunding or OrderStatus.Refunded)
            await orders.Deliver(Payment(PaymentStatus.Authorized));
        if (status is OrderStatus.Refunding or OrderStatus.Refunded)
            await orders.As(Seller).PostAsync($"/api/orders/{First}/refund", null);
        if (status is OrderStatus.Refunded)
            await orders.Deliver(Payment(PaymentStatus.Refunded, version: 2));
    }

    static string Text(OrdersHost orders, string key) =>
        System.Text.Encoding.UTF8.GetString((orders.Service.Store.Get(key)?.Value ?? default).Span);

    static async Task<PersonalData> Read(OrdersHost orders, UserId user) =>
        (await (await Ask(orders, HttpMethod.Get, $"{user}/orders", "auth"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalData))!;

    static async Task<PersonalDataErased> Erase(OrdersHost orders, UserId user) =>
        (await (await Ask(orders, HttpMethod.Post, $"{user}/orders/erase", "auth"))
            .Content.ReadFromJsonAsync(PersonalDataJson.Default.PersonalDataErased))!;

    static async Task<HttpResponseMessage> Ask(OrdersHost orders, HttpMethod method, string path, string caller)
    {
        using var request = new HttpRequestMessage(method, $"/internal/users/{path}");
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        request.Headers.Add("dapr-caller-app-id", caller);
        return await orders.Service.Anonymous.SendAsync(request);
    }
}
