using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>All that is kept of an order about its buyer.</summary>
public sealed record PersonalOrder(
    OrderId Id, OrderView Order, IReadOnlyList<StepView> Timeline, RefundRequest? RefundRequest);

/// <summary>A buyer's orders for the buyer to take away, and what becomes of them when the account ends.</summary>
static class PersonalOrders
{
    /// <summary>For auth alone: <c>GET …/orders</c> reads a page, <c>POST …/orders/erase</c> erases one.</summary>
    public static void MapPersonalOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapInternal().MapGroup("/users/{id:userId}/orders");
        orders.MapGet("", Read);
        orders.MapPost("/erase", Erase);
    }

    static async Task<Results<Ok<PersonalData>, ProblemHttpResult>> Read(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, Purchases purchases, OrderFinder orders,
        CancellationToken ct)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        var (found, next) = await Page(id, after, purchases, orders, ct);
        var live = found.Count(order => order.IsLive || order.Status == OrderStatus.Refunding);
        return TypedResults.Ok(new PersonalData([.. found.Select(ToJson)], live, next));
    }

    // What the buyer wrote goes; the order stays for its seller and for the books, under an id that names nobody.
    static async Task<Results<Ok<PersonalDataErased>, ProblemHttpResult>> Erase(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, Purchases purchases, OrderFinder orders,
        AggregateStore<Book> books, Archive archive, CancellationToken ct)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        var (found, next) = await Page(id, after, purchases, orders, ct);
        var written = found.Where(order => order.RefundRequest is { Reason.Length: > 0 }).ToList();
        foreach (var order in written)
        {
            var decision = await books.Update(order.Id.TicketId, book => book.EraseReason(order.Id, id), ct);
            if (decision.Refusal == Order.NotFound)
                await archive.EraseReason(order.Id, ct);
        }
        return TypedResults.Ok(new PersonalDataErased(written.Count, next));
    }

    static async Task<(IReadOnlyList<Order> Orders, string? Next)> Page(
        UserId buyer, string? after, Purchases purchases, OrderFinder orders, CancellationToken ct)
    {
        var place = after is null ? null : PurchaseCursor.Parse(after);
        var (lines, next) = await purchases.Read(buyer, place, PersonalDataRoutes.PageSize, ct);
        var found = await orders.Find([.. lines.Select(line => line.Id)], ct);
        return ([.. found.Where(order => order.Buyer == buyer)], next?.ToString());
    }

    static JsonElement ToJson(Order order) => JsonSerializer.SerializeToElement(
        new(order.Id, OrderView.Of(order), [.. order.Timeline.Select(StepView.Of)], order.RefundRequest),
        OrdersJson.Default.PersonalOrder);
}
