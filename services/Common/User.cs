using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>The person behind the request, from the verified token; never the app that calls.</summary>
/// <param name="SessionId">The token's <c>sid</c>: what a sign-out revokes.</param>
public sealed record User(UserId Id, string Email, string SessionId) : IBindableFromHttpContext<User>
{
    /// <summary>Bound as an endpoint's parameter; null (401 for a required one) without a valid session.</summary>
    public static ValueTask<User?> BindAsync(HttpContext context, ParameterInfo parameter) => new(From(context.User));

    public static User? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true }
            && UserId.TryParse(principal.FindFirstValue("sub"), null, out var id)
            && principal.FindFirstValue("sid") is { } session
            ? new(id, principal.FindFirstValue("email") ?? "", session)
            : null;
}
