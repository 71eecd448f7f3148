using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Auth;

/// <param name="RenewedAt">When it was last seen, within half an hour.</param>
/// <param name="From">An IPv4 address or an IPv6 network.</param>
/// <param name="Current">The session that asks.</param>
public sealed record SessionView(
    string Id, DateTimeOffset BeganAt, DateTimeOffset RenewedAt, string From, string Browser, bool Current);

public sealed record SessionViews(IReadOnlyList<SessionView> Items);

/// <summary>Where one is signed in: the list, and the end of one or of all.</summary>
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

    // One that is not there has ended: asked twice is done once, and nobody learns of other people's sessions.
    static async Task<NoContent> End(
        UserId sid, User me, HttpContext context, SessionList sessions, CancellationToken ct)
    {
        if (sid.Value == me.SessionId)
            BrowserCookies.ForgetSession(context);
        await sessions.End(me, [sid.Value], ct);
        return TypedResults.NoContent();
    }
}
