using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;

namespace Ticketing.Auth;

/// <summary>The current and the new password. ToString leaves them out, so that no log holds one.</summary>
public sealed record PasswordChange(string? Current, string? New)
{
    public override string ToString() => nameof(PasswordChange);

    public Dictionary<string, string[]> Mistakes(string email)
    {
        var mistakes = new Dictionary<string, string[]>();
        if (Credentials.MistakeInKnown(Current) is { } inCurrent)
            mistakes["current"] = [inCurrent];
        if (Credentials.MistakeInNew(New, email) is { } inNew)
            mistakes["new"] = [inNew];
        return mistakes;
    }
}

static class PasswordEndpoints
{
    public static void MapPassword(this IEndpointRouteBuilder app) =>
        app.MapPut("/api/users/me/password", Change).WithTags("Users").RequireAuthorization()
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(429);

    static async Task<Results<NoContent, ProblemHttpResult>> Change(PasswordChange given, User me, HttpContext context,
        PasswordCheck check, Passwords passwords, SessionList sessions, CancellationToken ct)
    {
        if (given.Mistakes(me.Email) is { Count: > 0 } mistakes)
            return Problems.Invalid(mistakes);
        if (EmailAddress.TryParse(me.Email) is not { } email)
            return Problems.Of(StatusCodes.Status401Unauthorized);
        var (account, problem) = await check.Try(context, email, given.Current!, owner: me.Id, ct);
        if (problem is not null)
            return problem;
        var from = AddressBlock.Of(context.Connection.RemoteIpAddress);
        if (await passwords.Hash(given.New!, from, ct) is not { } hash)
            return Problems.TooMany(context.Response, Passwords.BusyFor);
        return await sessions.ChangePassword(me, account!, hash, ct)
            ? TypedResults.NoContent()
            : Account.BadCredentials.ToProblem();
    }
}
