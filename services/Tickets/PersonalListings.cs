using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>A listing in its seller's data export. Who bought it is left out: that is not the seller's data.</summary>
public sealed record PersonalListing(TicketId Id, TicketView Listing, DateTimeOffset ListedAt);

/// <summary>Exports a seller's listings, and withdraws the open ones when the account is erased.</summary>
static class PersonalListings
{
    /// <summary>For auth alone: <c>GET …/listings</c> reads a page, <c>POST …/listings/erase</c> erases one.</summary>
    public static void MapPersonalListings(this IEndpointRouteBuilder app)
    {
        var listings = app.MapInternal().MapGroup("/users/{id:userId}/listings");
        listings.MapGet("", Read);
        listings.MapPost("/erase", Erase);
    }

    static async Task<Results<Ok<PersonalData>, ProblemHttpResult>> Read(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, SellerListings listings, TimeProvider clock,
        CancellationToken ct)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        var page = await listings.Page(id, PersonalDataRoutes.PageSize, CursorOf(after), ct);
        return TypedResults.Ok(new PersonalData([.. page.Tickets.Select(ticket => ToJson(ticket, id))],
            page.Tickets.Count(ticket => IsLive(ticket, clock.GetUtcNow())),
            page.Next?.ToString()));
    }

    static bool IsLive(TicketSnapshot ticket, DateTimeOffset now) => ticket.Status() switch
    {
        TicketStatus.Locked => true,
        TicketStatus.Open => !ticket.HasBegun(now),
        _ => false,
    };

    // Auth has checked that nothing is for sale. A ticket listed since then, from another device, is withdrawn: without
    // the account nobody could. Sold and withdrawn listings stay, under a seller id that belongs to no account.
    static async Task<Results<Ok<PersonalDataErased>, ProblemHttpResult>> Erase(UserId id, string? after,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, Catalog catalog, AggregateStore<Ticket> tickets,
        CancellationToken ct)
    {
        if (!PersonalDataRoutes.IsForAuth(caller))
            return PersonalDataRoutes.NotFound.ToProblem();
        // A ticket that the catalog has forgotten is not for sale.
        var (page, changed) = (catalog.Of(id, PersonalDataRoutes.PageSize, CursorOf(after)), 0);
        foreach (var listing in page.Tickets.Where(ticket => ticket.Status() == TicketStatus.Open))
        {
            if ((await tickets.Update(listing.Id, ticket => ticket.Withdraw(id), ct)).Changed)
                changed++;
        }
        return TypedResults.Ok(new PersonalDataErased(changed, page.Next?.ToString()));
    }

    static Cursor? CursorOf(string? after) =>
        after is not null && Cursor.TryParse(after, out var cursor) ? cursor : null;

    static JsonElement ToJson(TicketSnapshot ticket, UserId seller) => JsonSerializer.SerializeToElement(
        new(ticket.Id, TicketView.Of(ticket, new User(seller, "", "")), ticket.ListedAt),
        TicketsJson.Default.PersonalListing);
}
