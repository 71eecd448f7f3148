using Microsoft.AspNetCore.Routing;
using Ticketing.Contracts;

namespace Ticketing.Common;

static class SessionSubscription
{
    /// <summary>Every replica of every service receives every sign-out; it asks auth for those it has missed.</summary>
    public static void MapSessions(this IEndpointRouteBuilder app) =>
        app.MapEvents().MapBroadcast(Topics.Sessions, OnRevoked, replica => replica.Recent);

    static Ack OnRevoked(CloudEvent<SessionRevoked> message, RevokedSessions sessions) =>
        sessions.Add(message.Data) ? Ack.Applied : Ack.Stale;
}
