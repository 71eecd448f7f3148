using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>All that is kept of a listing about its seller; who bought it is not the seller's data.</summary>
public sealed record PersonalListing(TicketId Id, TicketView Listing, DateTimeOffset ListedAt);

/// <summary>A seller's listings for the seller to take away, and what becomes of them when the account ends.</summary>
static class PersonalListings
{
    /// <summary>For auth alone: <c>GET …/listings</c> reads a page, <c>POST …/listings/erase</c> erases one.</summary>
    public static void MapPersonalListings(this IEndpointRouteBuilder app)
    {
        var listings = app.MapInternal().MapGroup("/users/{id:userId}/listings");
        listings.MapGet("", Read);
        listings.MapPost("/erase", Erase);
    }

    static Results<Ok<PersonalData>, ProblemHttpResult> Read(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, Catalog catalog)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        var page = Page(id, after, catalog);
        return TypedResults.Ok(new PersonalData([.. page.Tickets.Select(ticket => ToJson(ticket, id))],
            page.Tickets.Count(ticket => ticket.Status() is TicketStatus.Open or TicketStatus.Locked),
            page.Next?.ToString()));
    }

    // Nothing was for sale a moment ago. What was listed since, from another device, is withdrawn: nobody could any
    // more. Sold and withdrawn listings stay as they are, under a seller's id that names nobody.
    static async Task<Results<Ok<PersonalDataErased>, ProblemHttpResult>> Erase(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, Catalog catalog, AggregateStore<Ticket> tickets,
        CancellationToken ct)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        var (page, changed) = (Page(id, after, catalog), 0);
        foreach (var listing in page.Tickets.Where(ticket => ticket.Status() == TicketStatus.Open))
        {
            if ((await tickets.Update(listing.Id, ticket => ticket.Withdraw(id), ct)).Changed)
                changed++;
        }
        return TypedResults.Ok(new PersonalDataErased(changed, page.Next?.ToString()));
    }

    static CatalogPage Page(UserId seller, string? after, Catalog catalog) => catalog.Of(seller,
        PersonalDataRoutes.PageSize, after is not null && Cursor.TryParse(after, out var cursor) ? cursor : null);

    static JsonElement ToJson(TicketSnapshot ticket, UserId seller) => JsonSerializer.SerializeToElement(
        new(ticket.Id, TicketView.Of(ticket, new User(seller, "", "")), ticket.ListedAt),
        TicketsJson.Default.PersonalListing);
}
