using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Requests that cannot be read and machines that do not answer; what is left is a bug: 500, logged whole.
/// </summary>
sealed class FaultHandler(ILogger<FaultHandler> log) : IExceptionHandler
{
    const int MemberLengthMax = 100;

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        switch (Named(exception))
        {
            // A message that cannot be read can never work; tried again it would only hold up the others.
            case BadHttpRequestException when context.Request.Path.StartsWithSegments(EventRoutes.Prefix):
                log.UnreadableMessage(exception, context.Request.Path);
                context.Response.StatusCode = StatusCodes.Status200OK;
                // What is dropped by the readers of dead letters would come to them again, at once and for ever.
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
            case TryAgainException or SidecarException:
                log.ToldToComeAgain(exception.InnerException, context.Request.Path, exception.Message);
                await Problems.Of(StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
                return true;
            default:
                return false;
        }
    }

    // A chunk that says it is longer than any number: the server names this one mistake of a request otherwise.
    static Exception Named(Exception exception) => exception is IOException { InnerException: OverflowException }
        ? new BadHttpRequestException(exception.Message, exception) : exception;

    static ProblemHttpResult JsonMistake(JsonException json)
    {
        // The serializer wraps what the reader found; a mistake of type or form is its own.
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
