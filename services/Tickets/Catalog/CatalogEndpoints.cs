using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <param name="Next">To be passed as <c>after</c>; absent on the last page.</param>
public sealed record TicketPage(IReadOnlyList<TicketView> Items, string? Next = null);

static class CatalogEndpoints
{
    const int LimitDefault = 20, LimitMax = 100, QueryLengthMax = 200, WordsMax = 8;

    public static void MapCatalog(this IEndpointRouteBuilder app)
    {
        var tickets = app.MapGroup("/api/tickets").WithTags("Tickets");
        tickets.MapGet("/", Browse).ProducesProblem(400);
        tickets.MapGet("/mine", Mine).RequireAuthorization().ProducesProblem(400).ProducesProblem(401);
        tickets.MapGet("/live", Live).Produces<LiveEvent>(contentType: "text/event-stream")
            .ProducesProblem(400).ProducesProblem(429).ProducesProblem(503);
    }

    /// <param name="currency">
    /// Only tickets in this currency; with maxPrice and with sort=price by default the shop's first, else any.
    /// </param>
    static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> Browse(string? q, string? currency, long? maxPrice,
        string? notBefore, string? sort, int? limit, string? after, ITicketSearch search, ListingOptions options,
        TimeProvider clock, CancellationToken ct)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (q?.Length > QueryLengthMax)
            mistakes["q"] = [$"At most {QueryLengthMax} characters."];
        if (maxPrice is < 0)
            mistakes["maxPrice"] = ["A whole number of minor units."];
        var moment = Rfc3339.Parse(notBefore);
        if (notBefore is not null && moment is null)
            mistakes["notBefore"] = [Rfc3339.Rule];
        if (currency is not null && !Currencies.IsKnown(currency))
            mistakes["currency"] = ["An ISO 4217 code in lower case, such as usd."];
        var by = SortOf(sort, mistakes);
        var cursor = CursorOf(after, by, mistakes);
        if (currency is not null && cursor?.Currency is { } before && before != currency)
            mistakes["after"] = ["The next of a page in the same currency."];
        var comparesPrices = by == SortBy.Price || maxPrice is not null;
        var query = new CatalogQuery(by, LimitOf(limit, mistakes), cursor, maxPrice, moment)
        {
            Currency = currency ?? cursor?.Currency ?? (comparesPrices ? options.CurrencyDefault : null),
            Now = clock.GetUtcNow(),
            Words = [.. SearchWords.InQuery(q ?? "").Take(WordsMax)],
        };
        if (mistakes.Count > 0)
            return Problems.Invalid(mistakes);
        // A query without a single letter (only punctuation) finds nothing; it must not find everything.
        var isWordless = query.Words.IsEmpty && !string.IsNullOrWhiteSpace(q);
        return TypedResults.Ok(isWordless ? new([]) : View(await search.Search(query, ct), null));
    }

    static async Task<Results<Ok<TicketPage>, ProblemHttpResult>> Mine(
        User seller, int? limit, string? after, SellerListings listings, CancellationToken ct)
    {
        var mistakes = new Dictionary<string, string[]>();
        var cursor = CursorOf(after, SortBy.Newest, mistakes);
        var count = LimitOf(limit, mistakes);
        return mistakes.Count > 0
            ? Problems.Invalid(mistakes)
            : TypedResults.Ok(View(await listings.Page(seller.Id, count, cursor, ct), seller));
    }

    /// <param name="ids">The tickets that the client shows, with commas between; absent: every ticket.</param>
    /// <param name="listed">With ids: also every ticket that is newly listed.</param>
    static Results<ServerSentEventsResult<byte[]>, ProblemHttpResult> Live(string? ids, bool? listed,
        LiveStream live, EventStreams open, HttpContext context, CancellationToken ct)
    {
        if (LiveFilter.Parse(ids, listed ?? false) is not { } filter)
            return Problems.Invalid(new Dictionary<string, string[]>
            {
                ["ids"] = [$"At most {LiveFilter.IdsMax} ids of tickets, with commas between."],
            });
        if (open.TryOpen(context) is not { } stream)
            return Problems.TooMany(context.Response, EventStreams.RetryAfter);
        // Tells nginx not to buffer: a proxy that waits for the end of the answer would forward nothing.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(stream.UntilSessionEnds(live.Listen(filter, ct)));
    }

    static TicketPage View(CatalogPage page, User? viewer) =>
        new([.. page.Tickets.Select(ticket => TicketView.Of(ticket, viewer))], page.Next?.ToString());

    static SortBy SortOf(string? sort, Dictionary<string, string[]> mistakes)
    {
        if (sort is not (null or "newest" or "price" or "date"))
            mistakes["sort"] = ["One of newest, price and date."];
        return sort switch
        {
            "price" => SortBy.Price,
            "date" => SortBy.Date,
            _ => SortBy.Newest,
        };
    }

    static int LimitOf(int? limit, Dictionary<string, string[]> mistakes)
    {
        if (limit is < 1 or > LimitMax)
            mistakes["limit"] = [$"From 1 to {LimitMax}."];
        return limit ?? LimitDefault;
    }

    static Cursor? CursorOf(string? after, SortBy sort, Dictionary<string, string[]> mistakes)
    {
        if (after is null)
            return null;
        if (!Cursor.TryParse(after, out var cursor) || cursor.Sort != sort)
            mistakes["after"] = ["The next of a page that was sorted in the same way."];
        return cursor;
    }
}
