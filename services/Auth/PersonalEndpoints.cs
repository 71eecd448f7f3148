using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <summary>Says once more who it is. It prints as nothing, so that no log ever holds a password.</summary>
public sealed record EraseRequest(string? Password)
{
    public override string ToString() => nameof(EraseRequest);
}

/// <summary>Everything held of a person. The ids are random; what else is held is in here.</summary>
public sealed record PersonalExport(DateTimeOffset MadeAt, PersonalAccount Account, IReadOnlyList<Session> Sessions,
    IReadOnlyList<JsonElement> Listings, IReadOnlyList<JsonElement> Orders, IReadOnlyList<JsonElement> Payments);

public sealed record PersonalAccount(UserId Id, string Email, DateTimeOffset SignedUpAt);

/// <summary>A person's data: to take away, and to erase (docs/decisions/0010).</summary>
static class PersonalEndpoints
{
    /// <summary>Either reads everything a person ever did here.</summary>
    const int TriesMax = 10;
    static readonly TimeSpan TriesWindow = TimeSpan.FromMinutes(1);

    static readonly Refusal HasLiveBusiness = new(409, "has-live-business",
        "Give up or finish your orders and withdraw your listings first.");

    public static void MapPersonalData(this IEndpointRouteBuilder app)
    {
        var me = app.MapGroup("/api/users/me").WithTags("Users").RequireAuthorization()
            .ProducesProblem(401).ProducesProblem(429).ProducesProblem(503);
        me.MapGet("/export", Export).LimitPerCaller(TriesMax, TriesWindow);
        me.MapDelete("", Erase).LimitPerCaller(TriesMax, TriesWindow).ProducesProblem(400).ProducesProblem(409);
    }

    /// <summary>The account of whoever owns the address now; one that was erased is nobody's.</summary>
    public static async Task<Account?> FindOwner(
        this AggregateStore<Account> accounts, EmailAddress email, CancellationToken ct) =>
        await accounts.Find(email.Key, ct) is { IsErased: false } account ? account : null;

    static async Task<Results<Ok<PersonalExport>, ProblemHttpResult>> Export(User me, HttpResponse response,
        AggregateStore<Account> accounts, PersonalFiles files, TimeProvider clock, CancellationToken ct)
    {
        if (await FindMine(accounts, me, ct) is not { } account)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var (orders, listings, payments) = await files.All(me.Id, ct);
        response.Headers.ContentDisposition = "attachment; filename=\"ticketing-my-data.json\"";
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new PersonalExport(clock.GetUtcNow(),
            new(account.Id, account.Email, account.SignedUpAt), account.Sessions, listings, orders, payments));
    }

    static async Task<Results<NoContent, ProblemHttpResult>> Erase([FromBody] EraseRequest given, User me,
        HttpContext context, AggregateStore<Account> accounts, PasswordCheck check, PersonalFiles files,
        SignOuts signOuts, Sessions sessions, CancellationToken ct)
    {
        if (new Credentials(me.Email, given.Password).MistakesForSignIn() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        if (EmailAddress.TryParse(me.Email) is not { } email)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var (_, problem) = await check.Try(context, email, given.Password!, owner: me.Id, ct);
        if (problem is not null)
            return problem;
        if (await files.Business(me.Id, ct) is { IsLive: true } business)
            return HasLiveBusiness.With("orders", business.Orders).With("listings", business.Listings).ToProblem();
        await Remove(email, me, accounts, files, signOuts, ct);
        await sessions.End(context, user: null, ct);
        sessions.SetCookie(context, BrowserCookies.DeviceName(context.Request), "", TimeSpan.Zero);
        return TypedResults.NoContent();
    }

    // The sessions first, so that nothing new begins meanwhile; the account last, so that its owner can sign in and
    // finish what was interrupted.
    static async Task Remove(EmailAddress email, User me, AggregateStore<Account> accounts, PersonalFiles files,
        SignOuts signOuts, CancellationToken ct)
    {
        await signOuts.RevokeAll(me.Id, ct);
        await files.Erase(me.Id, ct);
        await accounts.Update(email.Key, account => account.Erase(me.Id), ct);
    }

    static async Task<Account?> FindMine(AggregateStore<Account> accounts, User me, CancellationToken ct) =>
        EmailAddress.TryParse(me.Email) is { } email && await accounts.FindOwner(email, ct) is { } account
            && account.Id == me.Id ? account : null;
}
