using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Makes an address with a malformed id a 404, like an unknown id.
/// In a route: <c>{id:ticketId}</c>, <c>{id:orderId}</c>, <c>{id:userId}</c>.
/// </summary>
sealed class IdConstraint<T> : IRouteConstraint where T : IParsable<T>
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values,
        RouteDirection routeDirection) => T.TryParse(values[routeKey]?.ToString(), null, out _);
}

static class IdConstraints
{
    public static IServiceCollection AddIdConstraints(this IServiceCollection services) =>
        services.Configure<RouteOptions>(options =>
        {
            options.SetParameterPolicy<IdConstraint<TicketId>>("ticketId");
            options.SetParameterPolicy<IdConstraint<OrderId>>("orderId");
            options.SetParameterPolicy<IdConstraint<UserId>>("userId");
            // A session id has the same form as a user id.
            options.SetParameterPolicy<IdConstraint<UserId>>("sessionId");
        });
}
