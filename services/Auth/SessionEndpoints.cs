using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <param name="RenewedAt">When it was last seen, within half an hour.</param>
/// <param name="From">An IPv4 address or an IPv6 network.</param>
/// <param name="Current">True for the session of this request.</param>
public sealed record SessionView(
    string Id, DateTimeOffset BeganAt, DateTimeOffset RenewedAt, string From, string Browser, bool Current);

public sealed record SessionViews(IReadOnlyList<SessionView> Items);

/// <summary>Lists a user's sessions and ends one or all of them.</summary>
static class SessionEndpoints
{
    public static void MapSessionList(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/api/users/me/sessions").WithTags("Users").RequireAuthorization()
            .ProducesProblem(401);
        sessions.MapGet("", List);
        sessions.MapDelete("", EndAll);
        sessions.MapDelete("/{sid:length(32):sessionId}", End);
    }

    static async Task<Results<Ok<SessionViews>, ProblemHttpResult>> List(
        User me, SessionList sessions, TimeProvider clock, CancellationToken ct)
    {
        if (await sessions.AccountOf(me, ct) is not { } account)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var now = clock.GetUtcNow();
        return TypedResults.Ok(new SessionViews([.. account.Sessions.Where(session => !session.HasRunOut(now))
            .Select(session => new SessionView(session.Id, session.BeganAt, session.RenewedAt, session.From,
                session.Browser, session.Id == me.SessionId))
            .Reverse()]));
    }

    static async Task<NoContent> EndAll(User me, HttpContext context, SessionList sessions, CancellationToken ct)
    {
        BrowserCookies.ForgetSession(context);
        await sessions.EndAll(me, ct);
        return TypedResults.NoContent();
    }

    // 204 also for a session that does not exist: a repeat succeeds, and nobody learns of other people's sessions.
    static async Task<NoContent> End(
        UserId sid, User me, HttpContext context, SessionList sessions, CancellationToken ct)
    {
        if (sid.Value == me.SessionId)
            BrowserCookies.ForgetSession(context);
        await sessions.End(me, [sid.Value], ct);
        return TypedResults.NoContent();
    }
}
