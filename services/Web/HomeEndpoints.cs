using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>What a search asks, as it stands in the address: it can be shared, and Back works.</summary>
public sealed record HomeQuery(string? Q, string? Max, string Sort, string? After)
{
    public bool Any => Q is not null || Max is not null || After is not null;

    public string Page(string next) => Url("/", Q, Max, Sort, next);
    public string Without(string what) => Url("/", what == "q" ? null : Q, what == "max" ? null : Max, Sort, null);

    /// <summary>What tickets is asked: prices there are minor units of the shop's first currency.</summary>
    public string ForTickets => QueryHelpers.AddQueryString("/api/tickets", new Dictionary<string, string?>
    {
        ["q"] = Q,
        ["maxPrice"] = Display.Minor(Max, "usd")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["sort"] = Sort,
        ["after"] = After,
        ["limit"] = "24",
    }.Where(pair => pair.Value is not null));

    static string Url(string path, string? q, string? max, string sort, string? after) =>
        QueryHelpers.AddQueryString(path, new Dictionary<string, string?>
        {
            ["q"] = q, ["max"] = max, ["sort"] = sort == "newest" ? null : sort, ["after"] = after,
        }.Where(pair => pair.Value is not null));
}

static class HomeEndpoints
{
    public static void MapHome(this IEndpointRouteBuilder app) => app.MapGet("/", Home);

    static async Task<RazorComponentResult> Home(Backends services, string? q, string? max, string? sort, string? after,
        CancellationToken ct)
    {
        var query = new HomeQuery(Trimmed(q), Trimmed(max), sort is "price" or "date" ? sort : "newest", Trimmed(after));
        var answer = await services.Tickets.Get(query.ForTickets, ApiJson.Default.PagedTicket, ct);
        return new RazorComponentResult<HomePage>(new { Query = query, Answer = answer });
    }

    static string? Trimmed(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
