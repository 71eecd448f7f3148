using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The buyer asks for a refund; the seller grants it.</summary>
static class RefundPageEndpoints
{
    public static void MapRefunds(this IEndpointRouteBuilder app)
    {
        app.MapPost("/orders/{id:orderId}/refund-request", RequestRefund).DisableAntiforgery();
        app.MapPost("/orders/{id:orderId}/refund", Refund).DisableAntiforgery();
    }

    /// <summary>The refund requests for these orders; none if the orders service does not answer.</summary>
    public static async Task<IReadOnlyList<RefundRequestDto>> RefundRequestsFor(
        this ServiceClients services, IEnumerable<string> orders, CancellationToken ct)
    {
        var query = string.Join('&', orders.Select(id => $"of={Uri.EscapeDataString(id)}"));
        return query.Length == 0 ? [] : (await services.Orders.Get(
            $"/api/orders/refund-requests?{query}", ApiJson.Default.RefundRequestListDto, ct)).Value?.Items ?? [];
    }

    static async Task<IResult> RequestRefund(
        OrderId id, PostedForm form, User? user, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/orders/{id}");
        var reason = form["reason"];
        var answer = await services.Orders.Post($"{OrderPageEndpoints.Path(id)}/refund-request",
            new AskRefundRequest(reason), ApiJson.Default.AskRefundRequest, ct);
        return answer switch
        {
            { Ok: true } => Results.Extensions.SeeOther($"/orders/{id}"),
            { Problem.Errors: { } errors } =>
                await OrderPageEndpoints.Show(id, services, false, new(reason, errors), ct),
            _ => ErrorPages.For(answer, OrderPageEndpoints.Back(id)),
        };
    }

    static async Task<IResult> Refund(OrderId id, PostedForm form, ServiceClients services, CancellationToken ct)
    {
        var answer = await services.Orders.Post($"{OrderPageEndpoints.Path(id)}/refund",
            new GiveRefundRequest(form["relist"] == "true"), ApiJson.Default.GiveRefundRequest, ct);
        return answer.Ok ? Results.Extensions.SeeOther("/listings") : ErrorPages.For(answer, SellPageEndpoints.Back);
    }
}

/// <summary>The reason that the buyer wrote, and the errors in it.</summary>
public sealed record RefundForm(string Reason, IReadOnlyDictionary<string, string> Errors)
{
    public RefundForm(string reason, Dictionary<string, string[]> errors)
        : this(reason, errors.ToDictionary(one => one.Key, one => one.Value[0])) { }

    public static readonly RefundForm Empty = new("", new Dictionary<string, string>());
}
