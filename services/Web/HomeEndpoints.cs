using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>What a search asks, as it stands in the address: it can be shared, and Back works.</summary>
/// <param name="From">A day, as a date field has it: <c>2026-12-31</c>.</param>
public sealed record HomeQuery(string? Q, string? Max, string? From, string Sort, string? After)
{
    public bool Any => Q is not null || Max is not null || From is not null || After is not null;

    public string Url => QueryHelpers.AddQueryString("/", new Dictionary<string, string?>
    {
        ["q"] = Q, ["max"] = Max, ["from"] = From, ["sort"] = Sort == "newest" ? null : Sort, ["after"] = After,
    }.Where(pair => pair.Value is not null));

    /// <summary>What tickets is asked: prices there are minor units of the shop's first currency.</summary>
    public string ForTickets => QueryHelpers.AddQueryString("/api/tickets", new Dictionary<string, string?>
    {
        ["q"] = Q,
        ["maxPrice"] = Display.Minor(Max, "usd")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["notBefore"] = From is null ? null : $"{From}T00:00:00Z",
        ["sort"] = Sort,
        ["after"] = After,
        ["limit"] = "24",
    }.Where(pair => pair.Value is not null));
}

static class HomeEndpoints
{
    public static void MapHome(this IEndpointRouteBuilder app) => app.MapGet("/", Home);

    static async Task<RazorComponentResult> Home(Backends services, string? q, string? max, string? from, string? sort,
        string? after, CancellationToken ct)
    {
        var query = new HomeQuery(
            Trimmed(q), Trimmed(max), Day(from), sort is "price" or "date" ? sort : "newest",
            PageCursor.Parse(after)?.Value);
        var answer = await services.Tickets.Get(query.ForTickets, ApiJson.Default.PagedTicket, ct);
        return new RazorComponentResult<HomePage>(new { Query = query, Answer = answer });
    }

    static string? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", out var day) && day.Year is >= 2000 and < 2100 ? text : null;

    static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
