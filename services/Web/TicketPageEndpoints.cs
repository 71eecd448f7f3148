using System.Globalization;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class TicketPageEndpoints
{
    const int NewestMax = 50;
    const int AttemptsMax = 3;
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tickets/{id:ticketId}", View);
        app.MapPost("/tickets/{id:ticketId}/purchase", Purchase).DisableAntiforgery();
    }

    static Task<IResult> View(TicketId id, User? user, ServiceClients services, CancellationToken ct) =>
        Show(id, user, services, refused: null, StatusCodes.Status200OK, ct);

    static async Task<IResult> Purchase(
        TicketId id, PostedForm form, User? user, ServiceClients services, TimeProvider clock, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}");
        long? expectedPrice = long.TryParse(form["price"], NumberStyles.None, CultureInfo.InvariantCulture,
            out var price)
            ? price : null;
        var answer = await PlaceOrder(services, new(id, expectedPrice), clock, ct);
        return answer switch
        {
            { Value: { } order } => Results.Extensions.SeeOther($"/orders/{order.Id}/checkout"),
            { Unauthenticated: true } => SignInPageEndpoints.SignInFirst($"/tickets/{id}"),
            { Status: 409, Problem: { } refused } => await Show(id, user, services, refused, answer.Status, ct),
            _ => ErrorPages.For(answer),
        };
    }

    // Retries a 503 for the buyer. Repeating is safe: the same buyer gets the same order.
    static async Task<ServiceResponse<OrderDto>> PlaceOrder(ServiceClients services, PurchaseRequest purchase,
        TimeProvider clock, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await services.Orders.Post("/api/orders", purchase, ApiJson.Default.PurchaseRequest,
                ApiJson.Default.OrderDto, ct);
            if (!answer.Unavailable || attempt == AttemptsMax)
                return answer;
            await Task.Delay(RetryDelay, clock, ct);
        }
    }

    static async Task<IResult> Show(TicketId id, User? user, ServiceClients services, Problem? refused, int status,
        CancellationToken ct)
    {
        var answer = await services.Tickets.Get($"/api/tickets/{id}", ApiJson.Default.TicketDto, ct);
        if (answer.Value is not { } ticket)
            return ErrorPages.For(answer);
        return Results.Extensions.Page<TicketPage>(new
        {
            Ticket = ticket,
            IsMine = user?.Id.Value == ticket.SellerId,
            Refused = refused,
            Alternatives = ticket.IsOpen && refused?.TicketState is null
                ? [] : await FindAlternatives(ticket, services, ct),
        }, status);
    }

    static async Task<IReadOnlyList<TicketDto>> FindAlternatives(
        TicketDto wanted, ServiceClients services, CancellationToken ct)
    {
        var pages = await Task.WhenAll(
            Search($"?q={Uri.EscapeDataString(wanted.Title)}"), Search($"?limit={NewestMax}"));
        return Alternatives.To(wanted, pages.SelectMany(page => page.Value?.Items ?? []));

        Task<ServiceResponse<Paged<TicketDto>>> Search(string query) =>
            services.Tickets.Get($"/api/tickets{query}", ApiJson.Default.PagedTicketDto, ct);
    }
}
