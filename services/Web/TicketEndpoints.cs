using System.Globalization;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class TicketEndpoints
{
    const int NewestMax = 50;
    const int PlacesMax = 3;
    static readonly TimeSpan PlaceAgainAfter = TimeSpan.FromSeconds(1);

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tickets/{id:ticketId}", View);
        app.MapPost("/tickets/{id:ticketId}/purchase", Purchase).DisableAntiforgery();
    }

    static Task<IResult> View(TicketId id, User? user, Backends services, CancellationToken ct) =>
        Show(id, user, services, refused: null, StatusCodes.Status200OK, ct);

    static async Task<IResult> Purchase(
        TicketId id, SentForm form, User? user, Backends services, TimeProvider clock, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst($"/tickets/{id}");
        long? seen = long.TryParse(form["price"], NumberStyles.None, CultureInfo.InvariantCulture, out var price)
            ? price : null;
        var answer = await Place(services, new(id, seen), clock, ct);
        return answer switch
        {
            { Value: { } order } => Results.Extensions.SeeOther($"/orders/{order.Id}/checkout"),
            { Unauthenticated: true } => AccountEndpoints.SignInFirst($"/tickets/{id}"),
            { Status: 409, Problem: { } refused } => await Show(id, user, services, refused, answer.Status, ct),
            _ => Errors.Of(answer),
        };
    }

    // "Try again in a second" is for programs: a person who pressed purchase waits for it. Asked again, the same buyer
    // gets the same order.
    static async Task<Answer<Order>> Place(Backends services, Purchase purchase, TimeProvider clock, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await services.Orders.Post("/api/orders", purchase, ApiJson.Default.Purchase, ApiJson.Default.Order, ct);
            if (!answer.Unavailable || attempt == PlacesMax)
                return answer;
            await Task.Delay(PlaceAgainAfter, clock, ct);
        }
    }

    static async Task<IResult> Show(TicketId id, User? user, Backends services, Problem? refused, int status,
        CancellationToken ct)
    {
        var answer = await services.Tickets.Get($"/api/tickets/{id}", ApiJson.Default.Ticket, ct);
        if (answer.Value is not { } ticket)
            return Errors.Of(answer);
        return Results.Extensions.Page<TicketPage>(new
        {
            Ticket = ticket,
            Mine = user?.Id.Value == ticket.SellerId,
            Refused = refused,
            Alternatives = ticket.IsOpen && refused?.TicketState is null ? [] : await Others(ticket, services, ct),
        }, status);
    }

    static async Task<IReadOnlyList<Ticket>> Others(Ticket wanted, Backends services, CancellationToken ct)
    {
        var pages = await Task.WhenAll(
            Search($"?q={Uri.EscapeDataString(wanted.Title)}"), Search($"?limit={NewestMax}"));
        return Alternatives.To(wanted, pages.SelectMany(page => page.Value?.Items ?? []));

        Task<Answer<Paged<Ticket>>> Search(string query) =>
            services.Tickets.Get($"/api/tickets{query}", ApiJson.Default.PagedTicket, ct);
    }
}
