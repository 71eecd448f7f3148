using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;
using Ticketing.Web.Parts;

namespace Ticketing.Web;

static class TicketPageEndpoints
{
    const int NewestMax = 50;
    const int AttemptsMax = 3;
    static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tickets/{id:ticketId}", View);
        app.MapGet("/tickets/{id:ticketId}/terms", Terms);
        app.MapPost("/tickets/{id:ticketId}/purchase", Purchase).DisableAntiforgery();
    }

    /// <summary>A form without the number of its terms: from an older build, or of a ticket from an older service.
    /// </summary>
    static readonly Problem OutdatedPage = new("/problems/outdated-page", null, StatusCodes.Status409Conflict);

    static string Path(TicketId id) => $"/api/tickets/{id}";

    static Task<IResult> View(TicketId id, User? user, ServiceClients services, CancellationToken ct) =>
        Show(id, user, services, refused: null, null, StatusCodes.Status200OK, ct);

    // Every page that shows a ticket asks for this at the same moment, when its seller has changed it. Asked after that
    // version was announced, the answer is as new as it or newer.
    static async Task<IResult> Terms(
        TicketId id, string? version, ServiceClients services, AnswerCache cache, CancellationToken ct)
    {
        var answer = await cache.Get($"terms {id} {TicketVersion.Parse(version)}", () =>
            services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, default), ct);
        return answer.Value is { } ticket
            ? Results.Extensions.Page<TicketTerms>(new { Ticket = ticket }) : Results.StatusCode(answer.Status);
    }

    static async Task<IResult> Purchase(
        TicketId id, PostedForm form, User? user, ServiceClients services, TimeProvider clock, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}");
        if (TicketVersion.Parse(form["expectedTerms"]) is not { Value: var terms })
            return await Show(id, user, services, OutdatedPage, null, OutdatedPage.Status, ct);
        var answer = await PlaceOrder(services, new(id, terms), clock, ct);
        return answer switch
        {
            { Value: { } order } => Results.Extensions.SeeOther($"/orders/{order.Id}/checkout"),
            { Unauthenticated: true } => SignInPageEndpoints.SignInFirst($"/tickets/{id}"),
            // The ticket itself is no longer found.
            { Code: "show-begun" } => ErrorPages.Page(answer.Status,
                "Its tickets are no longer sold. Nothing was bought, and nothing is charged.", "The show has begun"),
            { Status: 409, Problem: { } refused } =>
                await Show(id, user, services, refused, SeenTerms.Read(form["seen"]), answer.Status, ct),
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

    static async Task<IResult> Show(TicketId id, User? user, ServiceClients services, Problem? refused, SeenTerms? seen,
        int status, CancellationToken ct)
    {
        var answer = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        if (answer.Value is not { } ticket)
            return ErrorPages.For(answer);
        return Results.Extensions.Page<TicketPage>(new
        {
            Ticket = ticket,
            IsMine = user?.Id.Value == ticket.SellerId,
            Refused = refused,
            Seen = seen,
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
