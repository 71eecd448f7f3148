using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

static class TicketEndpoints
{
    const string Id = "/{id:ticketId}";
    const int ListedPerMinuteMax = 60;
    static readonly Refusal TooMany = new(
        409, "too-many-listings", "You have as many tickets on sale as one seller may.");

    public static void MapTickets(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/api/tickets").WithTags("Tickets");
        tickets.MapGet(Id, Show).ProducesProblem(404);
        tickets.MapPost("/", List).RequireAuthorization().LimitPerCaller(ListedPerMinuteMax, TimeSpan.FromMinutes(1))
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(409).ProducesProblem(422).ProducesProblem(429);
        tickets.MapPut(Id, Edit).RequireAuthorization()
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409)
            .ProducesProblem(412);
        tickets.MapDelete(Id, Withdraw).RequireAuthorization()
            .ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409);
        app.MapInternal().MapGet("/tickets" + Id, Tell);
    }

    // Asked by orders for a ticket whose event has not come round yet. A snapshot names its buyer: nobody else is told.
    static async Task<Results<Ok<TicketSnapshot>, ProblemHttpResult>> Tell(TicketId id,
        [FromHeader(Name = "dapr-caller-app-id")] string? caller, AggregateStore<Ticket> tickets,
        CancellationToken ct) =>
        caller is null or "orders" && await tickets.Find(id, ct) is { } ticket
            ? TypedResults.Ok(ticket.Snapshot())
            : Ticket.NotFound.ToProblem();

    static async Task<Results<Ok<TicketView>, ProblemHttpResult>> Show(
        TicketId id, User? viewer, AggregateStore<Ticket> tickets, HttpResponse response, CancellationToken ct)
    {
        if (await tickets.Find(id, ct) is not { } ticket)
            return Ticket.NotFound.ToProblem();
        return TypedResults.Ok(Seen(ticket, viewer, response));
    }

    static async Task<Results<Created<TicketView>, ProblemHttpResult>> List(
        TicketRequest request, [FromHeader(Name = "Idempotency-Key")] string? named, User seller,
        AggregateStore<Ticket> tickets, Catalog catalog, Register register, ListingOptions options, Random random,
        TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var mistakes = request.Mistakes();
        var key = IdempotencyKey.Parse(named);
        if (named is not null && key is null)
            mistakes["Idempotency-Key"] = [$"1 to {IdempotencyKey.LengthMax} printable ASCII characters."];
        if (mistakes.Count > 0)
            return Problems.Invalid(mistakes);
        var id = key is { } given ? IdOf(seller.Id, given) : NewId(random);
        var (terms, now) = (request.ToTerms(Terms.CurrencyUnlessSaid), clock.GetUtcNow());
        var digest = key is null ? null : request.Digest();
        // What is listed already is answered again, however many there are.
        if (catalog.OnSale(seller.Id) >= options.OpenMax && (key is null || await tickets.Find(id, ct) is null))
            return TooMany.With("max", options.OpenMax).ToProblem();
        if (!catalog.Knows(id))
            await register.Enter(id);
        var decision = await tickets.Update(id, ticket => ticket.List(seller.Id, terms, digest, now), ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Created($"/api/tickets/{id}", Seen(decision.State!, seller, response));
    }

    static async Task<Results<Ok<TicketView>, ProblemHttpResult>> Edit(
        TicketId id, TicketRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, User seller,
        AggregateStore<Ticket> tickets, HttpResponse response, CancellationToken ct)
    {
        var mistakes = request.Mistakes();
        if (!TryParse(ifMatch, out var seen))
            mistakes["If-Match"] = ["Entity tags as this service gave them, such as \"3\", or *."];
        if (mistakes.Count > 0)
            return Problems.Invalid(mistakes);
        // A request that names no currency keeps the ticket's: 20 euros do not turn into 20 dollars.
        var decision = await tickets.Update(id,
            ticket => ticket.Edit(seller.Id, request.ToTerms(ticket.Terms.Price.Currency), seen), ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(Seen(decision.State!, seller, response));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Withdraw(
        TicketId id, User seller, AggregateStore<Ticket> tickets, CancellationToken ct)
    {
        var decision = await tickets.Update(id, ticket => ticket.Withdraw(seller.Id), ct);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    static TicketView Seen(Ticket ticket, User? viewer, HttpResponse response)
    {
        response.Headers.ETag = $"\"{ticket.Version}\"";
        return TicketView.Of(ticket.Snapshot(), viewer);
    }

    static TicketId NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return TicketId.From(bytes);
    }

    // The same key of the same seller is the same ticket; two sellers never meet, whatever keys they choose.
    static TicketId IdOf(UserId seller, IdempotencyKey key) =>
        TicketId.From(SHA256.HashData(Encoding.UTF8.GetBytes($"{seller.Value}\n{key.Value}")).AsSpan(0, 16));

    /// <param name="seen">The versions named by strong tags; null for none asked and for "*".</param>
    static bool TryParse(string? ifMatch, out IReadOnlyCollection<long>? seen)
    {
        seen = null;
        if (ifMatch is null)
            return true;
        if (!EntityTagHeaderValue.TryParseStrictList([ifMatch], out var tags))
            return false;
        if (!tags.Contains(EntityTagHeaderValue.Any))
            seen = [.. tags.Where(tag => !tag.IsWeak).Select(VersionOf)];
        return true;
    }

    // Version 0 is no ticket's: a tag that was never given matches nothing.
    static long VersionOf(EntityTagHeaderValue tag) =>
        TicketVersion.Parse(tag.Tag.AsSpan().Trim('"').ToString())?.Value ?? 0;
}
