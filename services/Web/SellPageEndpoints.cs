using System.Globalization;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The form as the seller filled it in; with errors it is shown again unchanged.</summary>
/// <param name="Key">The idempotency key: a double click or a reload does not create a second listing.</param>
/// <param name="Style">How the price is written: as on the page that the seller saw.</param>
/// <param name="Offset">Minutes that the seller's time zone is ahead of UTC; empty without JavaScript: 0.</param>
public sealed record SellForm(
    string? Title, string? Price, string Currency, string? Venue, string? StartsAt, string? Seat, string Key,
    NumberStyle Style, string? Offset = null)
{
    const string MinuteFormat = "yyyy-MM-dd'T'HH:mm";
    // What date fields send, or people type in browsers without them. In other formats day and month are ambiguous.
    static readonly string[] TimeFormats =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK"];
    const int YearMin = 1900, YearMax = 2999;

    public static SellForm Of(PostedForm form, NumberStyle byDefault) => new(
        form["title"], form["price"], form["currency"] is { Length: > 0 } currency ? currency : "usd", form["venue"],
        form["startsAt"], form["seat"], form["once"],
        form["lang"] is { Length: > 0 } language ? NumberStyle.Of(language) : byDefault, form["offset"]);

    public static SellForm Of(TicketDto ticket, NumberStyle style) => new(
        ticket.Title, style.InputAmount(ticket.Price, ticket.Currency), ticket.Currency, ticket.Venue,
        ticket.StartsAt?.UtcDateTime.ToString(MinuteFormat, CultureInfo.InvariantCulture), ticket.Seat, "",
        style);

    /// <summary>The price that was typed; null if the currency is unknown.</summary>
    public TypedPrice? Read() =>
        Currencies.Find(Currency) is { } currency ? TypedPrice.Read(Price, currency, Style) : null;

    /// <summary>The request to the tickets service; what cannot be parsed is in <paramref name="errors"/>.</summary>
    public ListingRequest ToListing(Dictionary<string, string> errors)
    {
        var price = Read();
        if (price is null)
            errors["currency"] = "Choose one of the currencies";
        else if (price.Mistake is { } mistake)
            errors["price"] = mistake;
        DateTimeOffset? at = null;
        if (!string.IsNullOrWhiteSpace(StartsAt))
        {
            at = ParseTime(StartsAt, UtcOffset);
            if (at is null)
                errors["startsAt"] = "Enter a day and a time, such as 2026-12-31T20:00";
        }
        return new(Title?.Trim(), price?.Minor ?? 0, Currency, TrimmedOrNull(Venue), at, TrimmedOrNull(Seat));
    }

    // Near the limits of DateTimeOffset, applying an offset would throw.
    static DateTimeOffset? ParseTime(string text, TimeSpan utcOffset) =>
        DateTimeOffset.TryParseExact(text.Trim(), TimeFormats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal, out var read)
            && read.Year is >= YearMin and <= YearMax ? read.ToUniversalTime() - utcOffset : null;

    // Time zones are between UTC-12 and UTC+14.
    TimeSpan UtcOffset =>
        int.TryParse(Offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
        && minutes is >= -12 * 60 and <= 14 * 60 ? TimeSpan.FromMinutes(minutes) : TimeSpan.Zero;

    static string? TrimmedOrNull(string? text) => text?.Trim() is { Length: > 0 } some ? some : null;
}

static class SellPageEndpoints
{
    public static void MapSelling(this IEndpointRouteBuilder app)
    {
        app.MapGet("/sell", New);
        app.MapPost("/sell", List).DisableAntiforgery();
        app.MapGet("/listings", MyListings);
        app.MapGet("/tickets/{id:ticketId}/edit", Edit);
        app.MapPost("/tickets/{id:ticketId}/edit", Save).DisableAntiforgery();
        app.MapPost("/tickets/{id:ticketId}/withdraw", Withdraw).DisableAntiforgery();
    }

    internal static readonly PageLink Back = new("/listings", "To your listings");

    static string Path(TicketId id) => $"/api/tickets/{id}";

    static async Task<IResult> New(
        User? user, SellCurrencies currencies, ReaderLanguage language, Random random, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst("/sell");
        var form = new SellForm(
            null, null, (await currencies.Get(ct))[0], null, null, null, NewKey(random), language.Style);
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

    static async Task<IResult> Edit(TicketId id, User? user, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}/edit");
        var answer = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        if (answer.Value is not { } ticket)
            return ErrorPages.For(answer);
        return ticket.SellerId == user.Id.Value
            ? await Show(SellForm.Of(ticket, language.Style), ticket, [], WhyNotEditable(ticket),
                StatusCodes.Status200OK, currencies, ct)
            : ErrorPages.Page(StatusCodes.Status403Forbidden, "Only its seller may edit a ticket.");
    }

    static async Task<IResult> Save(
        TicketId id, PostedForm sent, User? user, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst($"/tickets/{id}/edit");
        var version = TicketVersion.Parse(sent["version"]);
        if (version is null && sent["version"].Length > 0)
            return ErrorPages.Page(StatusCodes.Status400BadRequest);
        var form = SellForm.Of(sent, language.Style);
        var errors = new Dictionary<string, string>();
        var listing = form.ToListing(errors);
        var isPreview = sent.Has("preview");
        var answer = errors.Count > 0 || isPreview ? null : await services.Tickets.Put(Path(id), listing, version,
            ApiJson.Default.ListingRequest, ApiJson.Default.TicketDto, ct);
        if (answer is { Ok: true })
            return Results.Extensions.SeeOther("/listings");
        if (answer is not (null or { Status: 400 or 409 or 412 }))
            return ErrorPages.For(answer);
        // Shows what the seller typed, with a message about the ticket's current state.
        var now = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        if (now.Value is not { } ticket)
            return ErrorPages.For(now);
        if (isPreview)
            return await Show(
                form, ticket, errors, WhyNotEditable(ticket), StatusCodes.Status200OK, currencies, ct);
        var why = answer is { Status: 412 }
            ? "It was changed in another tab or on another device. There it is "
                + $"{language.Money(ticket.Price, ticket.Currency)}; below is what you typed. Save again to keep yours."
            : WhyNotEditable(ticket);
        return await ShowErrors(form, ticket, errors, answer, why, currencies, ct);
    }

    static async Task<IResult> Withdraw(TicketId id, ServiceClients services, SellCurrencies currencies,
        ReaderLanguage language, CancellationToken ct)
    {
        var answer = await services.Tickets.Delete(Path(id), ct);
        if (answer.Ok)
            return Results.Extensions.SeeOther("/listings");
        if (answer.Status != StatusCodes.Status409Conflict)
            return ErrorPages.For(answer, Back);
        // The reason is shown on the page with the button.
        var now = await services.Tickets.Get(Path(id), ApiJson.Default.TicketDto, ct);
        return now.Value is { } ticket
            ? await Show(SellForm.Of(ticket, language.Style), ticket, [],
                WhyNotEditable(ticket) ?? answer.Problem?.Title, answer.Status, currencies, ct)
            : ErrorPages.For(now);
    }

    static Task<IResult> ShowErrors(SellForm form, TicketDto? editing, Dictionary<string, string> errors,
        ServiceResponse<TicketDto>? answer, string? why, SellCurrencies currencies, CancellationToken ct)
    {
        foreach (var (field, messages) in answer?.Problem?.Errors ?? [])
            errors.TryAdd(field, messages.FirstOrDefault() ?? "This is not right");
        if (errors.Count == 0)
            why ??= answer?.Problem?.Title;
        return Show(form, editing, errors, why, answer?.Status ?? StatusCodes.Status400BadRequest, currencies, ct);
    }

    static async Task<IResult> Show(SellForm form, TicketDto? editing, Dictionary<string, string> errors, string? why,
        int status, SellCurrencies currencies, CancellationToken ct) =>
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

    static string? WhyNotEditable(TicketDto ticket) => ticket.Status switch
    {
        "locked" => "Somebody is buying it",
        "sold" => "It is sold and can no longer be changed.",
        "withdrawn" => "It is withdrawn and can no longer be changed.",
        _ => null,
    };
}
