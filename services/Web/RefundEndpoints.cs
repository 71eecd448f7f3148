using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The buyer asks for his money, the seller gives it back.</summary>
static class RefundEndpoints
{
    public static void MapRefunds(this IEndpointRouteBuilder app)
    {
        app.MapPost("/orders/{id:orderId}/refund-request", Ask).DisableAntiforgery();
        app.MapPost("/orders/{id:orderId}/refund", Give).DisableAntiforgery();
    }

    /// <summary>Of these orders, those whose buyer wants his money back; unanswered, nobody does.</summary>
    public static async Task<IReadOnlyList<RefundRequest>> Wanted(this Backends services, IEnumerable<string> orders,
        CancellationToken ct)
    {
        var query = string.Join('&', orders.Select(id => $"of={Uri.EscapeDataString(id)}"));
        return query.Length == 0 ? [] : (await services.Orders.Get(
            $"/api/orders/refund-requests?{query}", ApiJson.Default.RefundRequestList, ct)).Value?.Items ?? [];
    }

    static async Task<IResult> Ask(OrderId id, SentForm form, User? user, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst($"/orders/{id}");
        var reason = form["reason"];
        var answer = await services.Orders.Post($"{OrderEndpoints.Path(id)}/refund-request", new AskRefund(reason),
            ApiJson.Default.AskRefund, ct);
        return answer switch
        {
            { Ok: true } => Results.Extensions.SeeOther($"/orders/{id}"),
            { Problem.Errors: { } errors } => await OrderEndpoints.Show(id, services, false, new(reason, errors), ct),
            _ => Errors.Of(answer, OrderEndpoints.Back(id)),
        };
    }

    static async Task<IResult> Give(OrderId id, Backends services, CancellationToken ct)
    {
        var answer = await services.Orders.Post($"{OrderEndpoints.Path(id)}/refund", ct);
        return answer.Ok ? Results.Extensions.SeeOther("/listings") : Errors.Of(answer, SellEndpoints.Back);
    }
}

/// <summary>What the buyer wrote, and what is wrong with it.</summary>
public sealed record RefundForm(string Reason, IReadOnlyDictionary<string, string> Errors)
{
    public RefundForm(string reason, Dictionary<string, string[]> errors)
        : this(reason, errors.ToDictionary(one => one.Key, one => one.Value[0])) { }

    public static readonly RefundForm Empty = new("", new Dictionary<string, string>());
}
