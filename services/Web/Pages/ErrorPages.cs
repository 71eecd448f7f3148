using System.Diagnostics;
using System.Globalization;
using Ticketing.Web.Api;

namespace Ticketing.Web.Pages;

/// <summary>A link of an error page.</summary>
sealed record PageLink(string Path, string Text);

/// <summary>Every error is a page: what happened, what to do now, and the trace id to quote.</summary>
static class ErrorPages
{
    const int RetrySecondsDefault = 5;

    /// <param name="back">The page to link to; the list of tickets if null.</param>
    public static IResult For<T>(ServiceResponse<T> answer, PageLink? back = null) where T : class => answer switch
    {
        { Status: 429 } => TooMany(answer.Headers?.RetryAfter?.Delta),
        { Unavailable: true } => Page(StatusCodes.Status503ServiceUnavailable),
        { Status: 401 or 404 } or { Problem: null } => Page(answer.Status),
        { Problem: { } problem } =>
            Page(answer.Status, Why(problem), Explanation.All.GetValueOrDefault(problem.Code)?.Title, back),
    };

    static string? Why(Problem problem) => problem.Errors is { Count: > 0 } errors
        ? string.Join(' ', errors.Values.SelectMany(messages => messages)) : problem.Title;

    public static IResult NotFound() => Page(StatusCodes.Status404NotFound);

    public static IResult TooMany(TimeSpan? wait) =>
        new TooManyRequestsPage(Math.Max(1, (int)Math.Ceiling(wait?.TotalSeconds ?? RetrySecondsDefault)));

    /// <param name="why">The text of the refusal; that of the status if null.</param>
    /// <param name="heading">The title of the refusal; that of the status if null.</param>
    public static IResult Page(int status, string? why = null, string? heading = null, PageLink? back = null)
    {
        var (title, text) = OfStatus(status);
        var (link, linkText) = back ?? (status == StatusCodes.Status401Unauthorized
            ? new("/signin", "Sign in") : new PageLink("/", "To the listings"));
        return Results.Extensions.Page<ErrorPage>(new
        {
            Title = heading ?? title,
            Text = why ?? text,
            Link = link,
            LinkText = linkText,
            TraceId,
        }, status);
    }

    static string? TraceId => Activity.Current?.TraceId.ToHexString();

    static (string Title, string Text) OfStatus(int status) => status switch
    {
        401 => ("Sign in first", "This page belongs to somebody. Sign in to see whether it is you."),
        403 => ("That is not yours", "Only its owner may do this."),
        404 => ("There is nothing here", "The page does not exist, or it is not yours to see."),
        405 => ("Not in this way", "This address is not made for what was asked of it. Nothing was changed."),
        409 => ("Too late", "It has changed in the meantime."),
        413 => ("That was too much", "The form was larger than anything this shop needs. Nothing was changed."),
        503 => ("One part of the shop is resting",
            "Nothing was charged. Try again in a moment: what was done already is not done twice."),
        >= 500 => ("Something broke", "That is our mistake, not yours, and it is written down. Nothing was charged."),
        _ => ("That did not work", "The request cannot be understood. Nothing was changed."),
    };

    /// <summary>429: the page counts down the seconds of Retry-After, then repeats a GET.</summary>
    sealed class TooManyRequestsPage(int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var request = httpContext.Request;
            var path = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : null;
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Results.Extensions.Page<ErrorPage>(new
            {
                Title = "A little slower, please",
                Text = "Too many requests came from you. Nothing was changed.",
                Link = path ?? "/",
                LinkText = path is null ? "To the listings" : "Try again",
                RetrySeconds = (int?)seconds,
                RetryPath = path,
                TraceId,
            }, StatusCodes.Status429TooManyRequests).ExecuteAsync(httpContext);
        }
    }
}
