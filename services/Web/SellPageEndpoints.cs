using System.Globalization;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class SellPageEndpoints
{
    public static void MapSelling(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sell", New);
        app.MapPost("/sell", List).DisableAntiforgery();
        app.MapGet("/listings", MyListings);
    }

    internal static readonly PageLink Back = new("/listings", "To your listings");

    static async Task<IResult> New(
        User? user, SellCurrencies currencies, ReaderLanguage language, Random random, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst("/sell");
        var form = new SellForm(
            null, null, (await currencies.Get(ct))[0], null, null, null, NewKey(random), language.Style)
        {
            IsNew = true,
        };
        return await Show(form, null, [], null, StatusCodes.Status200OK, currencies, ct);
    }

    static string NewKey(Random random) => random.NextInt64().ToString("x", CultureInfo.InvariantCulture);

    static async Task<IResult> List(
        PostedForm sent, User? user, ServiceClients services, SellCurrencies currencies, ReaderLanguage language,
        Random random, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst("/sell");
        var form = SellForm.Of(sent, language.Style);
        var errors = new Dictionary<string, string>();
        var listing = form.ToListing(errors);
        if (sent.Has("preview"))
            return await Show(form, null, errors, null, StatusCodes.Status200OK, currencies, ct);
        var answer = errors.Count > 0 ? null : await services.Tickets.Post("/api/tickets", listing,
            IdempotencyKey.Parse(form.Key), ApiJson.Default.ListingRequest, ApiJson.Default.TicketDto, ct);
        return answer switch
        {
            { Ok: true } => Results.Extensions.SeeOther("/listings"),
            null or { Status: 400 } => await ShowErrors(form, null, errors, answer, null, currencies, ct),
            { Code: "too-many-listings" } =>
                await Show(form, null, errors, TooManyListings(answer.Problem?.Max), answer.Status, currencies, ct),
            // The seller went back and sent the form with other values: ask whether this is a second ticket.
            { Code: "idempotency-key-reused" } => await ShowErrors(form with { Key = NewKey(random) }, null, errors, answer,
                "You have listed another ticket with this form already; it is in your listings. "
                + "Send it again if this is one more.", currencies, ct),
            { Status: 409 } => await ShowErrors(form, null, errors, answer, null, currencies, ct),
            _ => ErrorPages.For(answer),
        };
    }

    static async Task<IResult> MyListings(User? user, ServiceClients services, string? after, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst("/listings");
        var query = PageCursor.Parse(after) is { } cursor ? $"?after={cursor}" : "";
        var answer = await services.Tickets.Get($"/api/tickets/mine{query}", ApiJson.Default.PagedTicketDto, ct);
        if (!answer.Ok && !answer.Unavailable)
            return ErrorPages.For(answer);
        var sold = answer.Value?.Items.Where(ticket => ticket.IsSold).Select(ticket => ticket.OrderId).OfType<string>();
        return Results.Extensions.Page<MyListingsPage>(new
        {
            Answer = answer,
            RefundRequests = await services.RefundRequestsFor(sold ?? [], ct),
        });
    }

    internal static Task<IResult> ShowErrors(SellForm form, TicketDto? editing, Dictionary<string, string> errors,
        ServiceResponse<TicketDto>? answer, string? why, SellCurrencies currencies, CancellationToken ct)
    {
        foreach (var (field, messages) in answer?.Problem?.Errors ?? [])
            errors.TryAdd(field, messages.FirstOrDefault() ?? "This is not right");
        if (errors.Count == 0)
            why ??= answer?.Problem?.Title;
        return Show(form, editing, errors, why, answer?.Status ?? StatusCodes.Status400BadRequest, currencies, ct);
    }

    internal static async Task<IResult> Show(SellForm form, TicketDto? editing, Dictionary<string, string> errors,
        string? why, int status, SellCurrencies currencies, CancellationToken ct) =>
        Results.Extensions.Page<SellPage>(new
        {
            Form = form,
            Currencies = await currencies.Get(ct),
            Editing = editing,
            Errors = (IReadOnlyDictionary<string, string>)errors,
            Notice = why,
            Until = editing is { IsLocked: true } ? editing.LockedUntil : null,
        }, status);

    static string TooManyListings(int? max) =>
        (max is { } most
            ? $"You have {most:N0} tickets on sale, as many as one seller may. "
            : "You have too many tickets on sale. ")
        + "Take one off sale, or wait until one is sold; then put this one on sale.";
}
