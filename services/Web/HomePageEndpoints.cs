using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>A search, kept in the query of the page's address: the address can be shared, and Back works.</summary>
/// <param name="From">The first day, as a date field sends it: <c>2026-12-31</c>.</param>
/// <param name="Style">How <paramref name="Max"/> is written; null: as in English.</param>
/// <param name="Zone">The time zone of <paramref name="From"/>, an IANA name; null: UTC.</param>
/// <param name="Currency">The one chosen, in which prices are compared; null: the shop's first.</param>
/// <param name="ShopCurrency">The shop's first currency.</param>
public sealed record ListingSearch(
    string? Q, string? Max, string? From, string Sort, string? After, string? Zone = null,
    NumberStyle? Style = null, string? Currency = null, string ShopCurrency = "usd")
{
    public bool IsFiltered => Q is not null || Max is not null || From is not null || After is not null;

    /// <summary>The currency in which prices are compared.</summary>
    public string PriceCurrency => Currency ?? ShopCurrency;

    /// <summary>The greatest price as it was typed; null if none was.</summary>
    public TypedPrice? MaxPrice => Max is not null && Currencies.Find(PriceCurrency) is { } currency
        ? TypedPrice.Read(Max, currency, Style ?? NumberStyle.English) : null;

    /// <summary>Prices of different currencies cannot be compared: only those of one are listed.</summary>
    public bool ComparesPrices => MaxPrice?.Minor is not null || Sort == "price";

    public string Url => QueryHelpers.AddQueryString("/", new Dictionary<string, string?>
    {
        ["q"] = Q, ["max"] = Max, ["currency"] = Currency, ["from"] = From, ["tz"] = From is null ? null : Zone,
        ["sort"] = Sort == "newest" ? null : Sort, ["after"] = After,
    }.Where(pair => pair.Value is not null));

    static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // East of Greenwich the first day of 2000 begins in 1999 UTC; the tickets service rejects times before 2000.
    DateTimeOffset? NotBefore => From is null ? null : TimeZones.StartOfDay(
        DateOnly.ParseExact(From, HomePageEndpoints.DayFormat, CultureInfo.InvariantCulture),
        TimeZones.TryParse(Zone, out var zone) ? zone : TimeZoneInfo.Utc) is var start
        && start > Earliest ? start : Earliest;

    /// <summary>The request to the tickets service; its prices are minor units.</summary>
    public string ApiPath => QueryHelpers.AddQueryString("/api/tickets", new Dictionary<string, string?>
    {
        ["q"] = Q,
        ["maxPrice"] = MaxPrice?.Minor?.ToString(CultureInfo.InvariantCulture),
        ["currency"] = ComparesPrices ? PriceCurrency : null,
        ["notBefore"] = NotBefore?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["sort"] = Sort,
        ["after"] = After,
        ["limit"] = "24",
    }.Where(pair => pair.Value is not null));
}

static class HomePageEndpoints
{
    internal const string DayFormat = "yyyy-MM-dd";

    public static void MapHome(this IEndpointRouteBuilder app) => app.MapGet("/", Home);

    static async Task<RazorComponentResult> Home(ServiceClients services, SellCurrencies currencies, string? q,
        string? max, string? currency, string? from, string? sort, string? after, string? tz, ReaderLanguage language,
        CancellationToken ct)
    {
        var offered = await currencies.Get(ct);
        var query = new ListingSearch(
            TrimmedOrNull(q), TrimmedOrNull(max), ValidDay(from), sort is "price" or "date" ? sort : "newest",
            PageCursor.Parse(after)?.Value,
            TimeZones.TryParse(tz, out _) ? tz : null, language.Style,
            offered.Skip(1).FirstOrDefault(other => other == currency), offered[0]);
        var answer = await services.Tickets.Get(query.ApiPath, ApiJson.Default.PagedTicketDto, ct);
        return new RazorComponentResult<HomePage>(new { Query = query, Answer = answer, Currencies = offered });
    }

    static string? ValidDay(string? text) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is >= 2000 and < 2100 ? text : null;

    static string? TrimmedOrNull(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}
