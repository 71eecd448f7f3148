using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The receipt of a paid order, also of one that was paid back.</summary>
static class ReceiptPageEndpoints
{
    public static void MapReceipts(this IEndpointRouteBuilder app) => app.MapGet("/orders/{id:orderId}/receipt", Get);

    static async Task<IResult> Get(OrderId id, User? user, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/orders/{id}/receipt");
        var ticket = services.Tickets.Get(OrderPageEndpoints.TicketPath(id), ApiJson.Default.TicketDto, ct);
        var payment = services.Payments.Get($"/api/payments/{id}", ApiJson.Default.PaymentDto, ct);
        var order = await services.Orders.Get(OrderPageEndpoints.Path(id), ApiJson.Default.OrderDto, ct);
        return order.Value switch
        {
            null => ErrorPages.For(order),
            { IsPaid: true } paid => Results.Extensions.Page<ReceiptPage>(new
            {
                Order = paid,
                Ticket = (await ticket).Value,
                Payment = await payment,
                Buyer = user.Email,
            }),
            _ => ErrorPages.Page(StatusCodes.Status404NotFound, "A receipt is written when the order is paid.",
                "There is no receipt yet", OrderPageEndpoints.Back(id)),
        };
    }
}
