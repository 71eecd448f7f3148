using Ticketing.Contracts;
using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>The currencies that the tickets service accepts, the default one first.</summary>
sealed class SellCurrencies(ServiceClients services, AnswerCache cache)
{
    static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(1);
    static readonly string[] charged =
        [.. Currencies.All.Where(currency => currency.IsCharged).Select(currency => currency.Code).Order()];

    /// <returns>All that cards can be charged in, if tickets does not answer: it refuses those it does not accept.
    /// </returns>
    public async Task<IReadOnlyList<string>> Get(CancellationToken ct)
    {
        var answer = await cache.Get("currencies", () =>
            services.Tickets.Get("/internal/currencies", ApiJson.Default.CurrencyListDto, default), ct,
            found => found.Ok ? AgeMax : AnswerCache.AgeDefault);
        return answer.Value is { Items.Count: > 0 } list
            ? [.. list.Items.Select(currency => currency.Code)]
            : ["usd", .. charged.Where(code => code != "usd")];
    }
}

/// <summary>
/// A typed price as text, for the script of the sell page: so there is one table of currencies and one way to read and
/// write.
/// </summary>
static class PriceEndpoints
{
    public static void MapPrices(this IEndpointRouteBuilder app) => app.MapGet("/prices/typed", Typed);

    static IResult Typed(string? price, string? currency, string? lang, ReaderLanguage language)
    {
        var style = lang is null ? language.Style : NumberStyle.Of(lang);
        if (Currencies.Find(currency ?? "") is not { } known)
            return Results.NotFound();
        return TypedPrice.Read(price, known, style) is { Minor: { } minor }
            ? Results.Text(style.Money(minor, known.Code))
            : Results.NoContent();
    }
}
