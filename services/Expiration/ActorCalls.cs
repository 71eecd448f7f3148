using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>
/// Dapr's actor package answers a call that it cannot read with a 500, which counts as a failure of this app. Refused
/// here like any other request: 404 for an unknown actor, id or method, 400 for an unreadable body.
/// </summary>
static class ActorCalls
{
    static readonly PathString Prefix = "/actors";

    public static Task Check(HttpContext context, RequestDelegate next) =>
        !context.Request.Path.StartsWithSegments(Prefix) ? next(context)
        : NameMistake(context.Request.RouteValues) is { } refusal ? refusal.ExecuteAsync(context)
        : Read(context, next);

    static ProblemHttpResult? NameMistake(RouteValueDictionary route) =>
        route["actorTypeName"] is not (null or ExpirationActor.TypeName)
            || route["actorId"] is string id && !OrderId.TryParse(id, null, out _)
            || route["methodName"] is not (null or nameof(IExpirationActor.Apply))
            || (route["reminderName"] ?? route["timerName"]) is not (null or ExpirationActor.Deadline)
            ? Problems.Of(StatusCodes.Status404NotFound)
            : null;

    static async Task Read(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is JsonException or FormatException || IsUnpairedSurrogate(e)
            || context.Request.RouteValues["methodName"] is null && IsFromActorPackage(e))
        {
            throw new BadHttpRequestException("The actor's call cannot be read.", e);
        }
    }

    // What Dapr's package throws for an invalid due time, or for a timer without a callback.
    static bool IsFromActorPackage(Exception e) =>
        e is ArgumentOutOfRangeException or ArgumentNullException || e is NullReferenceException { Source: "Dapr.Actors" };

    // What the JSON reader throws for an unpaired surrogate.
    static bool IsUnpairedSurrogate(Exception e) =>
        e is InvalidOperationException { Source: "System.Text.Json" or "System.Text.Json.Rethrowable" };
}
