using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

namespace Ticketing.Common;

/// <summary>Every error response is RFC 9457 problem+json with a stable type and the trace id.</summary>
public static class Problems
{
    internal const string TypePrefix = "/problems/";

    /// <summary>The refusal of <see cref="Invalid"/>, for rules; it needs <c>errors</c>.</summary>
    public static readonly Refusal InvalidRequest = new(400, "invalid", "The request has mistakes.");

    /// <summary>
    /// The refusal as a response: <c>type</c> is <c>/problems/{code}</c>, a page that explains it.
    /// </summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(
        title: refusal.Title, statusCode: refusal.Status, type: TypeOf(refusal.Code), extensions: refusal.Members);

    /// <summary>For requests with invalid values: 400 with <c>errors</c> by JSON name.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        InvalidRequest.With("errors", errors).ToProblem();

    /// <summary>The general problem of a status, for errors without a code of their own.</summary>
    public static ProblemHttpResult Of(int status) =>
        TypedResults.Problem(title: TitleOf(status), statusCode: status, type: TypeOf(CodeOf(status)));

    /// <summary>429 with <c>Retry-After</c>.</summary>
    public static ProblemHttpResult TooMany(HttpResponse response, TimeSpan wait)
    {
        RateLimits.SetRetryAfter(response, wait);
        return Of(StatusCodes.Status429TooManyRequests);
    }

    public static string TypeOf(string code) => TypePrefix + code;

    public static IServiceCollection AddTicketingProblems(this IServiceCollection services) => services
        .AddSingleton<IProblemDetailsWriter, ProblemWriter>()
        .AddProblemDetails()
        .AddExceptionHandler<FaultHandler>();

    public static IApplicationBuilder UseTicketingProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler().UseStatusCodePages();

    internal static string CodeOf(int status) => status switch
    {
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not-found",
        405 => "method-not-allowed",
        408 => "too-slow",
        413 => "too-large",
        415 => "unsupported-media-type",
        429 => "too-many-requests",
        503 => "unavailable",
        _ => status < 500 ? "bad-request" : "internal",
    };

    internal static string TitleOf(int status) => status switch
    {
        401 => "Sign in first.",
        403 => "This is not yours to do.",
        404 => "There is nothing here.",
        405 => "This address does not understand that method.",
        408 => "The request came too slowly.",
        413 => "The body is larger than this address takes.",
        415 => "Send the body as application/json in UTF-8, not compressed.",
        429 => "Too many requests; wait a moment.",
        503 => "A part of the system does not answer right now; nothing was changed. Try again.",
        _ => status < 500 ? "The request cannot be understood." : "Something broke on our side.",
    };
}
