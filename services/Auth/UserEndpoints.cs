using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/users").WithTags("Users");
        users.MapPost("/signup", SignUp).ProducesProblem(400).ProducesProblem(409).ProducesProblem(429);
        users.MapPost("/signin", SignIn).ProducesProblem(400).ProducesProblem(401).ProducesProblem(429);
        users.MapPost("/signout", SignOut);
        users.MapGet("/me", Me).RequireAuthorization().ProducesProblem(401);
        app.MapInternal().MapGet("/sessions/revoked", async (SignOuts signOuts, CancellationToken ct) =>
            TypedResults.Ok(await signOuts.All(ct)));
    }

    static async Task<Results<Created<Person>, ProblemHttpResult>> SignUp(Credentials given, User? me, HttpContext context,
        AggregateStore<Account> accounts, Passwords passwords, SignInLimits limits, Sessions sessions, Devices devices,
        Operators operators, TimeProvider clock, CancellationToken ct)
    {
        if (given.MistakesForSignUp() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        var (email, from) = (EmailAddress.TryParse(given.Email)!, AddressBlock.Of(context.Connection.RemoteIpAddress));
        if (limits.SignUp(from) is { Ticks: > 0 } wait)
            return Problems.TooMany(context.Response, wait);
        // Asked before the hash, which is dear, and again by the rule.
        if (!operators.MaySignUp(email) || await accounts.FindOwner(email, ct) is not null)
            return Account.EmailInUse.ToProblem();
        if (await passwords.Hash(given.Password!, from, ct) is not { } hash)
            return Problems.TooMany(context.Response, Passwords.BusyFor);
        var (id, now) = (UserId.From(RandomNumberGenerator.GetBytes(16)), clock.GetUtcNow());
        var decision = await accounts.Update(email.Key, account => account.SignUp(id, email.Text, hash, now), ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        devices.Remember(context, email);
        return TypedResults.Created("/api/users/me", await sessions.Begin(context, decision.State!, me, ct));
    }

    static async Task<Results<Ok<Person>, ProblemHttpResult>> SignIn(Credentials given, User? me, HttpContext context,
        AggregateStore<Account> accounts, Passwords passwords, SignInLimits limits, Sessions sessions, Devices devices,
        CancellationToken ct)
    {
        if (given.MistakesForSignIn() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        var (email, from) = (EmailAddress.TryParse(given.Email)!, AddressBlock.Of(context.Connection.RemoteIpAddress));
        using var attempt = limits.SignIn(email, from, await devices.Known(context, email));
        if (attempt.Wait > TimeSpan.Zero)
            return Problems.TooMany(context.Response, attempt.Wait);
        var account = await accounts.FindOwner(email, ct);
        if (await passwords.Verify(account, given.Password!, from, ct) is not { } verdict)
            return Problems.TooMany(context.Response, Passwords.BusyFor);
        if (account is null || verdict == PasswordVerificationResult.Failed)
        {
            attempt.Failed();
            return Account.BadCredentials.ToProblem();
        }
        attempt.Succeeded();
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded
            && await passwords.Hash(given.Password!, from, ct) is { } hash)
            await accounts.Update(email.Key, now => now.Rehash(account.PasswordHash, hash), ct);
        devices.Remember(context, email);
        return TypedResults.Ok(await sessions.Begin(context, account, me, ct));
    }

    static async Task<NoContent> SignOut(User? me, HttpContext context, Sessions sessions, CancellationToken ct)
    {
        await sessions.End(context, me, ct);
        return TypedResults.NoContent();
    }

    static async Task<Ok<Person>> Me(User me, HttpContext context, Sessions sessions, CancellationToken ct)
    {
        await sessions.Renew(context, me, ct);
        return TypedResults.Ok(Person.Of(me));
    }
}
