using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>
/// How long after typing the password somebody may operate: a browser left open must not be enough.
/// <c>Operators:SignInMinutes</c>, 15 unless said.
/// </summary>
public sealed class OperatorSignIn(IConfiguration configuration, TimeProvider clock)
{
    const int MinutesUnlessSaid = 15;

    public static readonly Refusal NotAnOperator = new(403, "forbidden", "Only an operator may do this.");
    public static readonly Refusal TooOld = new(
        401, "sign-in-again", "What operators do wants a sign-in of the last minutes: sign in again.");

    public TimeSpan AgeMax { get; } =
        TimeSpan.FromMinutes(configuration.GetValue("Operators:SignInMinutes", MinutesUnlessSaid));

    public bool IsRecent(User user) => clock.GetUtcNow() - user.SignedInAt <= AgeMax;

    /// <summary>
    /// For internal routes, which the app API token has opened: whoever comes with a person's token must be an operator
    /// who signed in just now. Without one it is the holder of the app token, who runs the machines anyway.
    /// </summary>
    /// <returns>Why not, or null.</returns>
    internal Refusal? Mistake(HttpContext context)
    {
        if (User.From(context.User) is { } user)
            return !user.IsOperator ? NotAnOperator : IsRecent(user) ? null : TooOld;
        // A token that is not good (run out, signed out) is not the same as none.
        return context.Request.Headers.Authorization.Count > 0 ? TooOld : null;
    }
}
