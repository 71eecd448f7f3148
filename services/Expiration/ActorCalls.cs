using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>
/// The official package answers a call that it cannot read with a 500, as if this app were ill. A call is refused here
/// like any other request: 404 for an actor that is none of ours, 400 for a body that is none.
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
            || route["methodName"] is not (null or nameof(IExpirationActor.Hear))
            || (route["reminderName"] ?? route["timerName"]) is not (null or ExpirationActor.Deadline)
            ? Problems.Of(StatusCodes.Status404NotFound)
            : null;

    static async Task Read(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (e is JsonException or FormatException || IsHalfACharacter(e)
            || context.Request.RouteValues["methodName"] is null && IsOfThePackage(e))
        {
            throw new BadHttpRequestException("The actor's call cannot be read.", e);
        }
    }

    // A due time that is none, or a timer that names no method.
    static bool IsOfThePackage(Exception e) =>
        e is ArgumentOutOfRangeException or ArgumentNullException || e is NullReferenceException { Source: "Dapr.Actors" };

    // What the JSON reader throws for half a surrogate pair.
    static bool IsHalfACharacter(Exception e) =>
        e is InvalidOperationException { Source: "System.Text.Json" or "System.Text.Json.Rethrowable" };
}
