using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Turns exceptions into responses: malformed requests into 4xx, a missing store or sidecar into 503, any other into
/// 500 with the exception in the log.
/// </summary>
sealed class FaultHandler(ILogger<FaultHandler> log) : IExceptionHandler
{
    const int MemberLengthMax = 100;
    static readonly Refusal NewerVersion = new(503, "newer-version",
        "A newer version of this service wrote this, and this one cannot change it; nothing was changed. Try again.");

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        switch (Named(exception))
        {
            // A malformed message can never be handled, and one of a newer build not by this one: retrying it would only
            // delay the others. The dead letters keep it.
            case BadHttpRequestException or NewerVersionException when context.Request.Path.StartsWithSegments(EventRoutes.Prefix):
                log.UnreadableMessage(exception, context.Request.Path);
                context.Response.StatusCode = StatusCodes.Status200OK;
                // A message dropped by the reader of dead letters would return to it at once, without end.
                var ack = context.Request.Path.Value!.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal)
                    ? Ack.Applied : Ack.Drop;
                await context.Response.WriteAsJsonAsync(ack, AckJson.Default.Ack, cancellationToken: ct);
                return true;
            case BadHttpRequestException { InnerException: JsonException json }:
                await JsonMistake(json).ExecuteAsync(context);
                return true;
            case BadHttpRequestException bad:
                await Problems.Of(bad.StatusCode).ExecuteAsync(context);
                return true;
            case NewerVersionException:
                log.AnsweredTryAgain(exception.InnerException, context.Request.Path, exception.Message);
                await NewerVersion.ToProblem().ExecuteAsync(context);
                return true;
            case TryAgainException or SidecarException:
                log.AnsweredTryAgain(exception.InnerException, context.Request.Path, exception.Message);
                await Problems.Of(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
                return true;
            default:
                return false;
        }
    }

    // A chunk size that overflows: Kestrel reports this one malformed request by another exception type.
    static Exception Named(Exception exception) => exception is IOException { InnerException: OverflowException }
        ? new BadHttpRequestException(exception.Message, exception) : exception;

    static ProblemHttpResult JsonMistake(JsonException json)
    {
        // The serializer wraps the reader's exceptions; its own are about a wrong type or form.
        if (json.InnerException is JsonException || json.Path is null)
            return new Refusal(400, "invalid-json", "The body is not valid JSON.").ToProblem();
        var member = json.Path.TrimStart('$', '.');
        return member.Length is 0 or > MemberLengthMax
            ? new Refusal(400, "invalid-json", "The body is not a JSON object of the expected form.").ToProblem()
            : Problems.Invalid(new Dictionary<string, string[]>
            {
                [member] = ["This value has the wrong type or form."],
            });
    }
}
