using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.Common;

/// <summary>Every error leaves as RFC 9457 problem+json with a stable type and the trace id.</summary>
public static class Problems
{
    /// <summary>A refusal as the API tells it: <c>type</c> is <c>/problems/{code}</c>, a page that explains it.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(
        title: refusal.Title, statusCode: refusal.Status, type: TypeOf(refusal.Code), extensions: refusal.Members);

    /// <summary>Answers that need more than one look at the request: 400 with <c>errors</c> by JSON name.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) => TypedResults.Problem(
        title: "The request has mistakes.", statusCode: StatusCodes.Status400BadRequest, type: TypeOf("invalid"),
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    public static string TypeOf(string code) => $"/problems/{code}";

    public static IServiceCollection AddTicketingProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
        {
            var problem = context.ProblemDetails;
            problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
            if (problem.Type is null || !problem.Type.StartsWith('/'))
                problem.Type = TypeOf(CodeOf(problem.Status ?? StatusCodes.Status500InternalServerError));
        });

    public static IApplicationBuilder UseTicketingProblems(this IApplicationBuilder app) => app
        .UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = e => e switch
            {
                BadHttpRequestException bad => bad.StatusCode,
                TryAgainException or SidecarException => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status500InternalServerError,
            },
        })
        .UseStatusCodePages()
        .Use(async (context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
                    context.Response.Headers.RetryAfter = "1";
                return Task.CompletedTask;
            });
            await next();
        });

    static string CodeOf(int status) => status switch
    {
        400 => "bad-request",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => status < 500 ? "bad-request" : "internal",
    };
}
