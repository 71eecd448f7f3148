using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Confirms the erasure by password. ToString leaves it out, so that no log holds a password.</summary>
public sealed record EraseRequest(string? Password)
{
    public override string ToString() => nameof(EraseRequest);
}

/// <summary>All personal data of a person in all services.</summary>
public sealed record PersonalExport(DateTimeOffset MadeAt, PersonalAccount Account, IReadOnlyList<Session> Sessions,
    IReadOnlyList<JsonElement> Listings, IReadOnlyList<JsonElement> Orders, IReadOnlyList<JsonElement> Payments);

public sealed record PersonalAccount(UserId Id, string Email, DateTimeOffset SignedUpAt);

/// <summary>Exports and erases a person's data (docs/decisions/0010).</summary>
static class PersonalEndpoints
{
    /// <summary>Both requests are expensive: they read all tickets, orders and payments of a person.</summary>
    const int TriesMax = 10;
    static readonly TimeSpan TriesWindow = TimeSpan.FromMinutes(1);

    static readonly Refusal HasUnfinished = new(409, "has-live-business",
        "Give up or finish your orders and withdraw your listings first.");

    public static void MapPersonalData(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/api/users/me").WithTags("Users").RequireAuthorization()
            .ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
        me.MapGet("/export", Export).LimitPerCaller(TriesMax, TriesWindow);
        me.MapDelete("", Erase).LimitPerCaller(TriesMax, TriesWindow).ProducesProblem(400).ProducesProblem(409);
    }

    /// <summary>The account of this address; null if there is none or it was erased.</summary>
    public static async Task<Account?> FindOwner(
        this AggregateStore<Account> accounts, EmailAddress email, CancellationToken ct) =>
        await accounts.Find(email.Key, ct) is { IsErased: false } account ? account : null;

    static async Task<Results<Ok<PersonalExport>, ProblemHttpResult>> Export(User me, HttpResponse response,
        AggregateStore<Account> accounts, PersonalDataClient personalData, TimeProvider clock, CancellationToken ct)
    {
        if (await FindMine(accounts, me, ct) is not { } account)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var (orders, listings, payments) = await personalData.All(me.Id, ct);
        response.Headers.ContentDisposition = "attachment; filename=\"ticketing-my-data.json\"";
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new PersonalExport(clock.GetUtcNow(),
            new(account.Id, account.Email, account.SignedUpAt), account.Sessions, listings, orders, payments));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Erase([FromBody] EraseRequest given, User me,
        HttpContext context, AggregateStore<Account> accounts, PasswordCheck check, PersonalDataClient personalData,
        SignOuts signOuts, Sessions sessions, CancellationToken ct)
    {
        if (new Credentials(me.Email, given.Password).MistakesForSignIn() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        if (EmailAddress.TryParse(me.Email) is not { } email)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var (_, problem) = await check.Try(context, email, given.Password!, owner: me.Id, ct);
        if (problem is not null)
            return problem;
        if (await personalData.CountUnfinished(me.Id, ct) is { Any: true } unfinished)
            return HasUnfinished.With("orders", unfinished.Orders).With("listings", unfinished.Listings).ToProblem();
        await Remove(email, me, accounts, personalData, signOuts, ct);
        await sessions.End(context, user: null, ct);
        sessions.SetCookie(context, BrowserCookies.DeviceName(context.Request), "", TimeSpan.Zero);
        return TypedResults.NoContent();
    }

    // Sessions first, so that no request starts anything new meanwhile. The account last: if a step fails, the owner
    // can sign in and erase again.
    static async Task Remove(EmailAddress email, User me, AggregateStore<Account> accounts,
        PersonalDataClient personalData, SignOuts signOuts, CancellationToken ct)
    {
        await signOuts.RevokeAll(me.Id, ct);
        await personalData.Erase(me.Id, ct);
        await accounts.Update(email.Key, account => account.Erase(me.Id), ct);
    }

    static async Task<Account?> FindMine(AggregateStore<Account> accounts, User me, CancellationToken ct) =>
        EmailAddress.TryParse(me.Email) is { } email && await accounts.FindOwner(email, ct) is { } account
            && account.Id == me.Id ? account : null;
}
