using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>What a buyer sends who wants to give a paid ticket back.</summary>
/// <param name="Reason">1 to 500 characters, for the seller to read.</param>
public sealed record AskRefund(string? Reason);

/// <summary>What a seller may send with a refund.</summary>
/// <param name="Relist">True: the ticket is for sale again; else it is withdrawn.</param>
public sealed record GiveRefund(bool? Relist = null);

/// <summary>Of orders that the caller bought or sold; those refunded meanwhile are no longer asked for.</summary>
public sealed record RefundRequestList(IReadOnlyList<RefundRequestView> Items);

/// <param name="At">When it was written.</param>
public sealed record RefundRequestView(OrderId OrderId, string Reason, DateTimeOffset At);

static class RefundRequests
{
    const int ReasonMax = 500, OrdersMax = 100;

    /// <summary>Written by the buyer, read by both; a refund is the seller's to give.</summary>
    public static void MapRefundRequests(this RouteGroupBuilder orders)
    {
        orders.MapPost("/{id:orderId}/refund-request", Ask)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        orders.MapGet("/refund-requests", List).ProducesProblem(400);
    }

    static async Task<Results<Accepted, ProblemHttpResult>> Ask(
        OrderId id, AskRefund body, User buyer, OrderService service, CancellationToken ct)
    {
        // Line breaks become spaces: the page wraps the text.
        var text = body.Reason?.ReplaceLineEndings(" ");
        var mistake = FreeText.Mistake(text, ReasonMax);
        if (mistake is not null || FreeText.Read(text) is not { } reason)
            return Problems.Invalid(new Dictionary<string, string[]> { ["reason"] = [mistake ?? "Tell the seller why."] });
        return await service.AskRefund(id, buyer.Id, reason, ct) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Accepted((string?)null);
    }

    // Orders of other sellers, unknown orders and orders without a request are left out alike.
    static async Task<Results<Ok<RefundRequestList>, ProblemHttpResult>> List(
        string[] of, User caller, OrderFinder orders, CancellationToken ct)
    {
        var ids = of.Select(text => OrderId.TryParse(text, null, out var id) ? id : (OrderId?)null).Distinct().ToList();
        if (ids is { Count: 0 or > OrdersMax } || ids.Contains(null))
            return Problems.Invalid(new Dictionary<string, string[]> { ["of"] = [$"1 to {OrdersMax} order ids."] });
        var found = await orders.Find([.. ids.OfType<OrderId>()], skipDamaged: true, ct);
        var theirs = found.Where(order => order.Buyer == caller.Id || order.Seller == caller.Id);
        return TypedResults.Ok(new RefundRequestList([.. theirs
            .Where(order => order is { Status: OrderStatus.Complete, RefundRequest: not null })
            .Select(order => new RefundRequestView(order.Id, order.RefundRequest!.Reason, order.RefundRequest.At))]));
    }
}
