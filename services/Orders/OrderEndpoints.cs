using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

static class OrderEndpoints
{
    const int LimitDefault = 20, LimitMax = 100;

    /// <summary>More than any human presses "purchase", too few to keep tickets from others.</summary>
    const int TriesMax = 100;
    static readonly TimeSpan TriesWindow = TimeSpan.FromSeconds(10);

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/api/orders").RequireAuthorization().ProducesProblem(401).WithTags("Orders");
        orders.MapPost("/", Place).LimitPerCaller(TriesMax, TriesWindow)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429).ProducesProblem(503);
        orders.MapGet("/", List).ProducesProblem(400);
        orders.MapGet("/{id:orderId}", Get).ProducesProblem(404);
        orders.MapDelete("/{id:orderId}", Cancel).ProducesProblem(404).ProducesProblem(409);
        orders.MapPost("/{id:orderId}/refund", Refund).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        orders.MapRefundRequests();
        orders.MapGet("/{id:orderId}/timeline", Timeline).ProducesProblem(404);
        orders.MapGet("/{id:orderId}/live", Live).ProducesProblem(404).ProducesProblem(429).ProducesProblem(503);

        app.MapInternal().MapGet("/orders/{id:orderId}", Snapshot);
    }

    static async Task<Results<Created<OrderView>, Ok<OrderView>, ProblemHttpResult>> Place(
        PlaceOrder body, User buyer, OrderService service, CancellationToken ct)
    {
        if (!TicketId.TryParse(body.TicketId, null, out var ticket))
            return Invalid("ticketId", "Say which ticket you want, by its id.");
        if (body.Mistakes() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        var decision = await service.Place(buyer.Id, ticket, body.Seen, ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        var order = OrderView.Of(decision.State!);
        return decision.Changed ? TypedResults.Created($"/api/orders/{order.Id}", order) : TypedResults.Ok(order);
    }

    static async Task<Results<Ok<OrderView>, ProblemHttpResult>> Get(
        OrderId id, User buyer, OrderFinder orders, CancellationToken ct) =>
        await orders.Find(id, ct) is { } order && order.Buyer == buyer.Id
            ? TypedResults.Ok(OrderView.Of(order))
            : Order.NotFound.ToProblem();

    static async Task<Results<Ok<OrderPage>, ProblemHttpResult>> List(
        User buyer, Purchases purchases, OrderFinder orders, CancellationToken ct, int limit = LimitDefault,
        string? after = null)
    {
        if (limit is < 1 or > LimitMax)
            return Invalid("limit", $"A page has 1 to {LimitMax} orders.");
        var place = after is null ? null : PurchaseCursor.Parse(after);
        if (after is not null && place is null)
            return Invalid("after", "This is not a place in the list.");
        var (lines, next) = await purchases.Read(buyer.Id, place, limit, ct);
        var found = await orders.Find([.. lines.Select(line => line.Id)], skipDamaged: true, ct);
        var items = found.Where(order => order.Buyer == buyer.Id).Select(OrderView.Of);
        return TypedResults.Ok(new OrderPage([.. items], next?.ToString()));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Cancel(
        OrderId id, User buyer, OrderService service, CancellationToken ct) =>
        await service.Cancel(id, buyer.Id, ct) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();

    static async Task<Results<Accepted, ProblemHttpResult>> Refund(
        OrderId id, GiveRefund? body, User seller, OrderService service, CancellationToken ct) =>
        await service.Refund(id, seller.Id, body?.Relist ?? false, ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted((string?)null);

    static async Task<Results<Ok<TimelineView>, ProblemHttpResult>> Timeline(
        OrderId id, User user, OrderFinder orders, CancellationToken ct) =>
        await orders.Find(id, ct) is { } order && order.Buyer == user.Id
            ? TypedResults.Ok(new TimelineView([.. order.Timeline.Select(StepView.Of)]))
            : Order.NotFound.ToProblem();

    static async Task<Results<ServerSentEventsResult<string>, ProblemHttpResult>> Live(
        OrderId id, User user, OrderFinder orders, OrderStreams streams, EventStreams open, HttpContext context,
        CancellationToken ct)
    {
        if (await orders.Find(id, ct) is not { } order || order.Buyer != user.Id)
            return Order.NotFound.ToProblem();
        if (open.TryOpen(context) is not { } place)
            return Problems.TooMany(context.Response, EventStreams.RetryAfter);
        // A proxy that collects the answer before it passes it on would never pass on anything.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(place.UntilSessionEnds(streams.Watch(id, ct)));
    }

    static async Task<Results<Ok<OrderSnapshot>, ProblemHttpResult>> Snapshot(
        OrderId id, OrderFinder orders, CancellationToken ct) =>
        await orders.Find(id, ct) is { } order
            ? TypedResults.Ok(order.Snapshot(ticketVersion: 0))
            : Order.NotFound.ToProblem();

    static ProblemHttpResult Invalid(string member, string why) =>
        Problems.Invalid(new Dictionary<string, string[]> { [member] = [why] });
}
