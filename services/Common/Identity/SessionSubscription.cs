using Microsoft.AspNetCore.Routing;
using Ticketing.Contracts;

namespace Ticketing.Common;

static class SessionSubscription
{
    /// <summary>Every replica of every service receives every sign-out.</summary>
    public static void MapSessions(this IEndpointRouteBuilder app) =>
        app.MapEvents().MapTopic(Topics.Sessions, OnRevoked, DaprSidecar.Broadcast);

    // A stream that is read again from its beginning delivers old sign-outs: they are stale.
    static Ack OnRevoked(CloudEvent<SessionRevoked> message, RevokedSessions sessions) =>
        sessions.Add(message.Data) ? Ack.Applied : Ack.Stale;
}
