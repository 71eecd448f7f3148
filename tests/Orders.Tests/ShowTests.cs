using System.Net;
using System.Net.Http.Json;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>A ticket is sold until its show begins, and held no longer.</summary>
public class ShowTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    static TicketSnapshot Begins(DateTimeOffset at, long version = 1) =>
        Ticket() with { StartsAt = at, Version = version, TermsVersion = version };

    [Fact]
    public async Task A_show_that_has_begun_is_not_sold()
    {
        await using var orders = await OrdersHost.Start();
        var start = orders.Clock.GetUtcNow().AddHours(1);
        await orders.Deliver(Begins(start));
        orders.Clock.Advance(TimeSpan.FromHours(1));
        foreach (var terms in new[] { 1, 7 })
        {
            var refused = await OrdersHost.Refused(
                await orders.PlaceSeen(Ann, Show, new() { ["expectedTerms"] = terms }), 409, "show-begun");
            Assert.Equal(start, refused.GetProperty("startsAt").GetDateTimeOffset());
        }
        Assert.Empty(orders.NewEvents);
    }

    [Fact]
    public async Task A_hold_ends_when_the_show_begins_and_the_order_tells_when_that_is()
    {
        await using var orders = await OrdersHost.Start();
        var start = orders.Clock.GetUtcNow() + Minute;
        await orders.Deliver(Begins(start));
        var order = await orders.Placed(Ann, Show);
        Assert.Equal((start, start), (order.StartsAt, order.ExpiresAt));
        var refused = await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "ticket-reserved");
        Assert.Equal(start, refused.GetProperty("heldUntil").GetDateTimeOffset());

        orders.Clock.Advance(Minute);
        Assert.Equal("applied", await orders.Deliver(Event.Of(new ExpirationElapsed(order.Id, order.ExpiresAt))));
        Assert.Equal(CancelReason.Expired, (await orders.Get(Ann, order.Id))!.Reason);
        await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "show-begun");
    }

    [Theory]
    [InlineData(899)]
    [InlineData(900)]
    [InlineData(901)]
    public void A_hold_is_as_long_as_ever_where_the_show_is_far_enough_away(int seconds)
    {
        var book = Do(Book.Absent(Show), book => book.Apply(Begins(Now.AddSeconds(seconds)), Now));
        book = Do(book, book => book.Place(Ann, null, Hold, Now));
        Assert.Equal(Now.AddSeconds(Math.Min(seconds, 900)), book.Current!.ExpiresAt);
    }

    [Theory]
    [InlineData(false, "ticket-sold")]
    [InlineData(true, "ticket-withdrawn")]
    public void What_is_sold_or_withdrawn_is_told_before_that_the_show_has_begun(bool isWithdrawn, string code)
    {
        var book = In(isWithdrawn ? OrderStatus.Cancelled : OrderStatus.Complete);
        book = Do(book, book => book.Apply(Begins(Now, version: 9) with { Withdrawn = isWithdrawn }, Now));
        Assert.Equal(code, book.Place(Ben, null, Hold, Now).Refusal!.Code);
    }

    [Fact]
    public async Task An_order_that_the_beginning_overtook_says_so()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await orders.Deliver(Ticket().Locked(First, LockState.Refused, CancelReason.ShowBegun));
        Assert.Equal((OrderStatus.Cancelled, CancelReason.ShowBegun), await StatusOf(orders));
        Assert.Contains("The show had begun.", await orders.As(Ann).GetStringAsync($"/api/orders/{First}/timeline"));
    }

    static async Task<(OrderStatus, CancelReason?)> StatusOf(OrdersHost orders)
    {
        var order = await orders.Get(Ann, First);
        return (order!.Status, order.Reason);
    }

    // Tickets has moved the show; its event has not reached orders yet.
    [Fact]
    public async Task A_later_date_nobody_told_of_yet_is_asked_for()
    {
        var later = DateTimeOffset.UtcNow.AddDays(1);
        await using var orders = await OrdersHost.Start(tickets: _ => new(HttpStatusCode.OK)
        {
            Content = JsonContent.Create(Begins(later, version: 2), ContractsJson.Default.TicketSnapshot),
        });
        await orders.Deliver(Begins(DateTimeOffset.UtcNow.AddSeconds(-1)));
        Assert.Equal(later, (await orders.Placed(Ann, Show)).StartsAt);
    }
}
