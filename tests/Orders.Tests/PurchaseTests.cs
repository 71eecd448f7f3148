using System.Net;
using System.Text;
using System.Text.Json;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>One ticket through the HTTP API, from the listing to the refund.</summary>
public class PurchaseTests
{
    [Fact]
    public async Task Who_comes_first_holds_the_ticket_and_who_comes_second_hears_until_when()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());

        var answer = await orders.Place(Ann, Show);
        var order = await OrdersHost.Order(answer);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"/api/orders/{order.Id}", answer.Headers.Location?.ToString());
        Assert.Equal((Show, "Night of the Proms", 4550, "usd", OrderStatus.Created),
            (order.TicketId, order.Title, order.Price, order.Currency, order.Status));
        Assert.Equal(order.CreatedAt + Hold, order.ExpiresAt);
        Assert.Equal(order, await orders.Get(Ann, order.Id));

        var refused = await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "ticket-reserved");
        Assert.Equal(order.ExpiresAt, refused.GetProperty("heldUntil").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_double_click_gives_the_same_order()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var first = await orders.Placed(Ann, Show);
        var again = await orders.Place(Ann, Show, expectedPrice: 1);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(first, await OrdersHost.Order(again));
    }

    [Fact]
    public async Task A_price_that_is_not_the_one_seen_is_told()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var answer = await orders.Place(Ann, Show, expectedPrice: 4000);
        var refused = await OrdersHost.Refused(answer, 409, "terms-changed");
        Assert.Equal(4550, refused.GetProperty("price").GetInt64());
    }

    [Fact]
    public async Task A_ticket_goes_from_hold_to_payment_to_refund()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);

        Assert.Equal("applied", await orders.Deliver(Ticket().Locked(First, LockState.Granted)));
        Assert.Equal(OrderStatus.AwaitingPayment, (await orders.Get(Ann, First))!.Status);
        await OrdersHost.Refused(await Refund(orders, Seller), 409, "order-not-complete");

        await orders.Deliver(Payment(PaymentStatus.Authorized));
        Assert.Equal(OrderStatus.Complete, (await orders.Get(Ann, First))!.Status);
        await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "ticket-sold");
        await OrdersHost.Refused(await orders.As(Ann).DeleteAsync($"/api/orders/{First}"), 409, "order-complete");

        await OrdersHost.Refused(await Refund(orders, Ann), 403, "not-the-seller");
        Assert.Equal(HttpStatusCode.Accepted, (await Refund(orders, Seller)).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await Refund(orders, Seller)).StatusCode);
        await orders.Deliver(Payment(PaymentStatus.Refunded, version: 2));
        Assert.Equal(OrderStatus.Refunded, (await orders.Get(Ann, First))!.Status);

        var types = orders.NewEvents.Select(message => message.Type);
        Assert.Equal([OrderEvents.Created, OrderEvents.AwaitingPayment, OrderEvents.Completed, OrderEvents.Refunding,
            OrderEvents.Refunded], types);
    }

    [Theory]
    [InlineData(PaymentStatus.Refunded, RefundCause.AtStripe, "The payment was refunded at Stripe.")]
    [InlineData(PaymentStatus.Voided, RefundCause.NothingTaken,
        "The card's authorization ended before it was charged: nothing was taken.")]
    public async Task What_stripe_does_by_itself_ends_the_order_and_is_told(
        PaymentStatus told, RefundCause cause, string why)
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
        await orders.Deliver(Payment(PaymentStatus.Authorized));
        await orders.Deliver(Payment(told, version: 2));

        var order = (await orders.Get(Ann, First))!;
        Assert.Equal((OrderStatus.Refunded, cause), (order.Status, order.RefundCause));
        var timeline = await orders.As(Ann).GetStringAsync($"/api/orders/{First}/timeline");
        using var json = JsonDocument.Parse(timeline);
        Assert.Equal(why, json.RootElement.GetProperty("items").EnumerateArray().Last().GetProperty("why").GetString());
    }

    static Task<HttpResponseMessage> Refund(OrdersHost orders, UserId by) =>
        orders.As(by).PostAsync($"/api/orders/{First}/refund", null);

    [Fact]
    public async Task A_ticket_given_back_is_anybodys_at_once()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        Assert.Equal(HttpStatusCode.NoContent, (await orders.As(Ann).DeleteAsync($"/api/orders/{First}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await orders.As(Ann).DeleteAsync($"/api/orders/{First}")).StatusCode);
        Assert.Equal(Second, (await orders.Placed(Ben, Show)).Id);
    }

    [Fact]
    public async Task A_hold_ends_at_its_deadline_whoever_comes_first()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        var order = await orders.Placed(Ann, Show);
        var elapsed = Event.Of(new ExpirationElapsed(order.Id, order.ExpiresAt));
        Assert.Equal("stale", await orders.Deliver(elapsed));

        orders.Clock.Advance(Hold);
        Assert.Equal("applied", await orders.Deliver(elapsed));
        Assert.Equal((OrderStatus.Cancelled, CancelReason.Expired), await StatusOf(orders, Ann, First));
        Assert.Equal("answered", await orders.Deliver(elapsed));

        await orders.Placed(Ann, Show);
        orders.Clock.Advance(Hold);
        await orders.Placed(Ben, Show);     // the event of expiration has not arrived
        Assert.Equal((OrderStatus.Cancelled, CancelReason.Expired), await StatusOf(orders, Ann, Second));
    }

    static async Task<(OrderStatus, CancelReason?)> StatusOf(OrdersHost orders, UserId buyer, OrderId id)
    {
        var order = await orders.Get(buyer, id);
        return (order!.Status, order.Reason);
    }

    [Fact]
    public async Task A_ticket_nobody_told_of_yet_is_asked_for_once()
    {
        var asked = new List<string>();
        await using var orders = await OrdersHost.Start(tickets: request =>
        {
            asked.Add(request.RequestUri!.AbsolutePath);
            return Json(HttpStatusCode.OK, JsonSerializer.Serialize(Ticket(), ContractsJson.Default.TicketSnapshot));
        });
        await orders.Placed(Ann, Show);
        await OrdersHost.Refused(await orders.Place(Ben, Show), 409, "ticket-reserved");
        Assert.Equal(["/internal/tickets/show1"], asked);
    }

    // Tickets has shown the buyer the new price; its event has not reached orders yet.
    [Fact]
    public async Task A_new_price_nobody_told_of_yet_is_asked_for_too()
    {
        var now = Ticket() with { Version = 2, TermsVersion = 2, Price = new(4000, "usd") };
        await using var orders = await OrdersHost.Start(tickets: _ =>
            Json(HttpStatusCode.OK, JsonSerializer.Serialize(now, ContractsJson.Default.TicketSnapshot)));
        await orders.Deliver(Ticket());
        var order = await OrdersHost.Order(await orders.Place(Ann, Show, expectedPrice: 4000));
        Assert.Equal(4000, order.Price);
    }

    [Theory]   // only a 404 with a problem body means that the ticket does not exist
    [InlineData(404, "application/problem+json", "{}", 404, "ticket-not-found")]
    [InlineData(404, "application/json", "{\"errorCode\":\"ERR_DIRECT_INVOKE\"}", 503, "unavailable")]
    [InlineData(200, "application/json", "", 503, "unavailable")]
    [InlineData(500, "application/problem+json", "{}", 503, "unavailable")]
    public async Task What_the_tickets_service_does_not_say_is_not_known(
        int status, string type, string body, int expected, string code)
    {
        await using var orders = await OrdersHost.Start(tickets: _ => Json((HttpStatusCode)status, body, type));
        var answer = await orders.Place(Ann, Show);
        await OrdersHost.Refused(answer, expected, code);
        Assert.Equal(expected == 503 ? TimeSpan.FromSeconds(1) : null, answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task With_the_tickets_service_away_a_known_ticket_is_still_sold()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await OrdersHost.Refused(await orders.Place(Ann, new("other")), 503, "unavailable");
    }

    [Fact]
    public async Task Anothers_order_looks_like_none()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        var ben = orders.As(Ben);
        foreach (var id in new[] { First, Second })
        {
            await OrdersHost.Refused(await ben.GetAsync($"/api/orders/{id}"), 404, "order-not-found");
            await OrdersHost.Refused(await ben.DeleteAsync($"/api/orders/{id}"), 404, "order-not-found");
            await OrdersHost.Refused(await ben.PostAsync($"/api/orders/{id}/refund", null), 404, "order-not-found");
            await OrdersHost.Refused(await ben.GetAsync($"/api/orders/{id}/timeline"), 404, "order-not-found");
        }
        Assert.Equal(OrderStatus.Created, (await orders.Get(Ann, First))!.Status);
    }

    [Fact]
    public async Task The_timeline_says_what_happened_and_why()
    {
        await using var orders = await OrdersHost.Start();
        await orders.Deliver(Ticket());
        await orders.Placed(Ann, Show);
        await orders.Deliver(Ticket().Locked(First, LockState.Granted));
        await orders.Deliver(Payment(PaymentStatus.Failed));

        var timeline = JsonElement.Parse(await orders.As(Ann).GetStringAsync($"/api/orders/{First}/timeline"));
        var steps = timeline.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(["order.created", "order.awaiting-payment", "order.cancelled"], steps.Select(Type));
        var last = steps[2];
        Assert.Equal("The payment failed for good.", last.GetProperty("why").GetString());
        Assert.Equal("payments:show1-1:1", last.GetProperty("causeId").GetString());
        Assert.Contains(last.GetProperty("eventId").GetString(), orders.NewEvents.Select(message => message.Id));
    }

    static string? Type(JsonElement step) => step.GetProperty("type").GetString();

    static HttpResponseMessage Json(HttpStatusCode status, string body, string type = "application/json") =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, type) };
}
