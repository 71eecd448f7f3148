using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The seller changes a ticket or takes it off sale.</summary>
static class EditPageEndpoints
{
    public static void MapEditing(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tickets/{id:ticketId}/edit", Edit);
        app.MapPost("/tickets/{id:ticketId}/edit", Save).DisableAntiforgery();
        app.MapPost("/tickets/{id:ticketId}/withdraw", Withdraw).DisableAntiforgery();
    }

    static string Path(TicketId id) => $"/api/tickets/{id}";

    static async Task<IResult> Edit(TicketId id, User? user, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}/edit");
        var answer = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        if (answer.Value is not { } ticket)
            return ErrorPages.For(answer);
        return ticket.SellerId == user.Id.Value
            ? await SellPageEndpoints.Show(SellForm.Of(ticket, language.Style), ticket, [], WhyNotEditable(ticket),
                StatusCodes.Status200OK, currencies, ct)
            : ErrorPages.Page(StatusCodes.Status403Forbidden, "Only its seller may edit a ticket.");
    }

    static async Task<IResult> Save(
        TicketId id, PostedForm sent, User? user, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}/edit");
        var version = TicketVersion.Parse(sent["version"]);
        if (version is null && sent["version"].Length > 0)
            return ErrorPages.Page(StatusCodes.Status400BadRequest);
        var form = SellForm.Of(sent, language.Style);
        var errors = new Dictionary<string, string>();
        var listing = form.ToListing(errors);
        var isPreview = sent.Has("preview");
        var answer = errors.Count > 0 || isPreview ? null : await services.Tickets.Put(Path(id), listing, version,
            ApiJson.Default.ListingRequest, ApiJson.Default.TicketDto, ct);
        if (answer is { Ok: true })
            return Results.Extensions.SeeOther("/listings");
        if (answer is not (null or { Status: 400 or 409 or 412 }))
            return ErrorPages.For(answer);
        // Shows what the seller typed, with a message about the ticket's current state.
        var now = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        if (now.Value is not { } ticket)
            return ErrorPages.For(now);
        if (isPreview)
            return await SellPageEndpoints.Show(
                form, ticket, errors, WhyNotEditable(ticket), StatusCodes.Status200OK, currencies, ct);
        var why = answer is { Status: 412 }
            ? "It was changed in another tab or on another device. There it is "
                + $"{language.Money(ticket.Price, ticket.Currency)}; below is what you typed. Save again to keep yours."
            : WhyNotEditable(ticket);
        return await SellPageEndpoints.ShowErrors(form, ticket, errors, answer, why, currencies, ct);
    }

    static async Task<IResult> Withdraw(TicketId id, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        var answer = await services.Tickets.Delete(Path(id), ct);
        if (answer.Ok)
            return Results.Extensions.SeeOther("/listings");
        if (answer.Status != StatusCodes.Status409Conflict)
            return ErrorPages.For(answer, SellPageEndpoints.Back);
        // The reason is shown on the page with the button.
        var now = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        return now.Value is { } ticket
            ? await SellPageEndpoints.Show(SellForm.Of(ticket, language.Style), ticket, [],
                WhyNotEditable(ticket) ?? answer.Problem?.Title, answer.Status, currencies, ct)
            : ErrorPages.For(now);
    }

    static string? WhyNotEditable(TicketDto ticket) => ticket.Status switch
    {
        "locked" => "Somebody is buying it",
        "sold" => "It is sold and can no longer be changed.",
        "withdrawn" => "It is withdrawn and can no longer be changed.",
        _ => null,
    };
}
