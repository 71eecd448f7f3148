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
        app.MapInternal().MapGet("/tickets" + Id, ShowSnapshot);
        app.MapInternal().MapGet("/currencies", ShowCurrencies);
    }

    // For the form of the web client.
    static Ok<CurrencyList> ShowCurrencies(ListingOptions options) =>
        TypedResults.Ok(CurrencyList.Of(options.Currencies));

    // For orders, when it has not received the ticket's event yet. A snapshot names the buyer: no other app may read
    // it.
    static async Task<Results<Ok<TicketSnapshot>, ProblemHttpResult>> ShowSnapshot(TicketId id,
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
        return TypedResults.Ok(WithETag(ticket, viewer, response));
    }

    static async Task<Results<Created<TicketView>, ProblemHttpResult>> List(
        TicketRequest request, [FromHeader(Name = "Idempotency-Key")] string? named, User seller,
        AggregateStore<Ticket> tickets, Catalog catalog, TicketIdList ticketIds, ListingOptions options, Random random,
        TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        var mistakes = request.Mistakes();
        var now = clock.GetUtcNow();
        foreach (var (member, why) in request.WhyNotPayable(options, own: null).Concat(request.WhyBegun(now)))
            mistakes.TryAdd(member, why);
        var key = IdempotencyKey.Parse(named);
        if (named is not null && key is null)
            mistakes["Idempotency-Key"] = [$"1 to {IdempotencyKey.LengthMax} printable ASCII characters."];
        if (mistakes.Count > 0)
            return Problems.Invalid(mistakes);
        var id = key is { } given ? IdOf(seller.Id, given) : NewId(random);
        var terms = request.ToTerms(options.CurrencyDefault);
        var digest = key is null ? null : request.Digest(options.CurrencyDefault);
        // A repeated request for a ticket that exists is answered even if the seller is at the limit.
        if (catalog.OnSale(seller.Id) >= options.OpenMax && (key is null || await tickets.Find(id, ct) is null))
            return TooMany.With("max", options.OpenMax).ToProblem();
        Decision<Ticket> List(Ticket ticket) => ticket.List(seller.Id, terms, digest, now);
        var isKnown = catalog.Contains(id);
        if (!isKnown)
            await ticketIds.Add(id);
        var decision = isKnown ? await tickets.Update(id, List, ct) : await tickets.Create(id, List, ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Created($"/api/tickets/{id}", WithETag(decision.State!, seller, response));
    }

    static async Task<Results<Ok<TicketView>, ProblemHttpResult>> Edit(
        TicketId id, TicketRequest request, [FromHeader(Name = "If-Match")] string? ifMatch, User seller,
        AggregateStore<Ticket> tickets, ListingOptions options, TimeProvider clock, HttpResponse response,
        CancellationToken ct)
    {
        var mistakes = request.Mistakes();
        if (!TryParse(ifMatch, out var expected))
            mistakes["If-Match"] = ["Entity tags as this service gave them, such as \"3\", or *."];
        if (mistakes.Count > 0)
            return Problems.Invalid(mistakes);
        var decision = await tickets.Update(
            id, ticket => Edited(ticket, request, seller.Id, expected, options, clock.GetUtcNow()), ct);
        return decision.Refusal is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(WithETag(decision.State!, seller, response));
    }

    // Without a currency the request keeps the ticket's own: 20 euros must not become 20 dollars.
    static Decision<Ticket> Edited(Ticket ticket, TicketRequest request, UserId by,
        IReadOnlyCollection<long>? expected, ListingOptions options, DateTimeOffset now)
    {
        var own = ticket.Terms.Price.Currency;
        var decision = ticket.Edit(by, request.ToTerms(own), expected);
        if (decision.Refusal is not null)
            return decision;
        var mistakes = request.WhyBegun(now);
        if (decision.Changed)
        {
            foreach (var (member, why) in request.WhyNotPayable(options, own))
                mistakes[member] = why;
        }
        return mistakes.Count > 0 ? Problems.InvalidRequest.With("errors", mistakes) : decision;
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Withdraw(
        TicketId id, User seller, AggregateStore<Ticket> tickets, CancellationToken ct)
    {
        var decision = await tickets.Update(id, ticket => ticket.Withdraw(seller.Id), ct);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    static TicketView WithETag(Ticket ticket, User? viewer, HttpResponse response)
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

    // The same key of the same seller gives the same id. The seller is hashed in: keys of two sellers never collide.
    static TicketId IdOf(UserId seller, IdempotencyKey key) =>
        TicketId.From(SHA256.HashData(Encoding.UTF8.GetBytes($"{seller.Value}\n{key.Value}")).AsSpan(0, 16));

    /// <param name="expected">The versions in strong tags; null without the header and for "*".</param>
    static bool TryParse(string? ifMatch, out IReadOnlyCollection<long>? expected)
    {
        expected = null;
        if (ifMatch is null)
            return true;
        if (!EntityTagHeaderValue.TryParseStrictList([ifMatch], out var tags))
            return false;
        if (!tags.Contains(EntityTagHeaderValue.Any))
            expected = [.. tags.Where(tag => !tag.IsWeak).Select(VersionOf)];
        return true;
    }

    // No ticket has version 0: a tag that this service never issued matches nothing.
    static long VersionOf(EntityTagHeaderValue tag) =>
        TicketVersion.Parse(tag.Tag.AsSpan().Trim('"').ToString())?.Value ?? 0;
}
