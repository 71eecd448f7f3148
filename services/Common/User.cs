using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>The signed-in user of a request, from the verified token; never the calling app.</summary>
/// <param name="SessionId">The token's <c>sid</c>; a sign-out revokes it.</param>
public sealed record User(UserId Id, string Email, string SessionId) : IBindableFromHttpContext<User>
{
    /// <summary>May read the event and audit logs and apply dead letters; listed in auth's configuration.</summary>
    public bool IsOperator { get; init; }

    /// <summary>When the password was typed (<c>auth_time</c>, kept by renewals); MinValue without it.</summary>
    public DateTimeOffset SignedInAt { get; init; }

    static readonly ConcurrentDictionary<ParameterInfo, bool> optional = new();

    /// <summary>Binds an endpoint's parameter. Without a valid session: 401, or null for a <c>User?</c>.</summary>
    public static ValueTask<User?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        From(context.User) is { } user ? new(user)
        : optional.GetOrAdd(parameter, IsOptional) ? default
        : throw new BadHttpRequestException("Sign in first.", StatusCodes.Status401Unauthorized);

    static bool IsOptional(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable;

    public static User? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true }
            && UserId.TryParse(principal.FindFirstValue("sub"), null, out var id)
            && principal.FindFirstValue("sid") is { } session
            ? new(id, principal.FindFirstValue("email") ?? "", session)
            {
                IsOperator = principal.HasClaim(SessionToken.RoleClaim, SessionToken.Operator),
                SignedInAt = Time(principal.FindFirstValue(SessionToken.SignedInAtClaim)),
            }
            : null;

    static DateTimeOffset Time(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(number)
            : DateTimeOffset.MinValue;
}
