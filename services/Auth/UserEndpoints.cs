using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
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

    static async Task<Results<Created<Person>, ProblemHttpResult>> SignUp(Credentials given, User? me,
        HttpContext context, AggregateStore<Account> accounts, Passwords passwords, SignInLimits limits,
        Sessions sessions, DeviceCookies devices, Operators operators, TimeProvider clock, CancellationToken ct)
    {
        if (given.MistakesForSignUp() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        var (email, from) = (EmailAddress.TryParse(given.Email)!, AddressBlock.Of(context.Connection.RemoteIpAddress));
        if (limits.SignUp(from) is { Ticks: > 0 } wait)
            return Problems.TooMany(context.Response, wait);
        // Checked before the expensive hash; the rule checks it again at the write.
        if (!operators.MaySignUp(email) || await accounts.FindOwner(email, ct) is not null)
            return Account.EmailInUse.ToProblem();
        if (await passwords.Hash(given.Password!, from, ct) is not { } hash)
            return Problems.TooMany(context.Response, Passwords.BusyFor);
        var (id, session, now) =
            (UserId.From(RandomNumberGenerator.GetBytes(16)), sessions.New(context), clock.GetUtcNow());
        var decision =
            await accounts.Update(email.Key, account => account.SignUp(id, email.Text, hash, session, now), ct);
        if (decision.Refusal is { } refusal)
            return refusal.ToProblem();
        devices.Issue(context, email);
        return TypedResults.Created("/api/users/me", await sessions.Open(context, decision.State!, session, me, ct));
    }

    static async Task<Results<Ok<Person>, ProblemHttpResult>> SignIn(Credentials given, User? me, HttpContext context,
        PasswordCheck check, SessionList list, Sessions sessions, DeviceCookies devices, CancellationToken ct)
    {
        if (given.MistakesForSignIn() is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        var email = EmailAddress.TryParse(given.Email)!;
        var (account, problem) = await check.Try(context, email, given.Password!, owner: null, ct);
        if (problem is not null)
            return problem;
        var session = sessions.New(context);
        if (!await list.Begin(email.Key, account!, session, ct))
            return Account.BadCredentials.ToProblem();
        devices.Issue(context, email);
        return TypedResults.Ok(await sessions.Open(context, account!, session, me, ct));
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
