using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>
/// Operators must have signed in recently, so that a browser left open is not enough. The maximal age is
/// <c>Operators:SignInMinutes</c>, by default 15.
/// </summary>
public sealed class OperatorSignIn(IConfiguration configuration, TimeProvider clock)
{
    const int DefaultMinutes = 15;

    public static readonly Refusal NotAnOperator = new(403, "forbidden", "Only an operator may do this.");
    public static readonly Refusal TooOld = new(
        401, "sign-in-again", "What operators do wants a sign-in of the last minutes: sign in again.");

    public TimeSpan AgeMax { get; } =
        TimeSpan.FromMinutes(configuration.GetValue("Operators:SignInMinutes", DefaultMinutes));

    public bool IsRecent(User user) => clock.GetUtcNow() - user.SignedInAt <= AgeMax;

    /// <summary>
    /// For internal routes, after the app API token was checked: if the request also has a user's token, that user must
    /// be an operator with a recent sign-in. Without one the app API token is enough.
    /// </summary>
    /// <returns>Why the request is refused, or null.</returns>
    internal Refusal? Refuse(HttpContext context)
    {
        if (User.From(context.User) is { } user)
            return !user.IsOperator ? NotAnOperator : IsRecent(user) ? null : TooOld;
        // An invalid token (expired, signed out) must not count as no token.
        return context.Request.Headers.Authorization.Count > 0 ? TooOld : null;
    }
}
