using System.Diagnostics;
using System.Globalization;
using Ticketing.Web.Api;

namespace Ticketing.Web.Pages;

/// <summary>Every "no" is a page: what happened, what to do now, and a number to quote.</summary>
static class Errors
{
    const int WaitUnlessSaid = 5;

    public static IResult Of<T>(Answer<T> answer) where T : class => answer switch
    {
        { Status: 429 } => TooMany(answer.Headers?.RetryAfter?.Delta),
        { Status: 403 or 409 } => Page(answer.Status, answer.Problem?.Title),
        { Unavailable: true } => Page(StatusCodes.Status503ServiceUnavailable),
        _ => Page(answer.Status),
    };

    public static IResult NotFound() => Page(StatusCodes.Status404NotFound);

    public static IResult TooMany(TimeSpan? wait) =>
        new Slower(Math.Max(1, (int)Math.Ceiling(wait?.TotalSeconds ?? WaitUnlessSaid)));

    /// <param name="why">In the words of who refused, where it has some.</param>
    public static IResult Page(int status, string? why = null)
    {
        var (title, words) = InWords(status);
        var (link, linkWords) = status == StatusCodes.Status401Unauthorized
            ? ("/signin", "Sign in") : ("/", "To the listings");
        return Results.Extensions.Page<ErrorPage>(new
        {
            Title = title,
            Words = why ?? words,
            Link = link,
            LinkWords = linkWords,
            Reference,
        }, status);
    }

    static string? Reference => Activity.Current?.TraceId.ToHexString();

    static (string Title, string Words) InWords(int status) => status switch
    {
        401 => ("Sign in first", "This page belongs to somebody. Sign in to see whether it is you."),
        403 => ("That is not yours", "Only its owner may do this."),
        404 => ("There is nothing here", "The page does not exist, or it is not yours to see."),
        405 => ("Not in this way", "This address is not made for what was asked of it. Nothing was changed."),
        409 => ("Too late", "It has changed in the meantime."),
        413 => ("That was too much", "The form was larger than anything this shop needs. Nothing was changed."),
        503 => ("One part of the shop is resting", "Nothing was charged. Try again in a moment: what was done already is not done twice."),
        >= 500 => ("Something broke", "That is our mistake, not yours, and it is written down. Nothing was charged."),
        _ => ("That did not work", "The request cannot be understood. Nothing was changed."),
    };

    /// <summary>429, which says for how long, counts it down and then, where it only wanted to read, reads.</summary>
    sealed class Slower(int seconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var request = httpContext.Request;
            var here = HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : null;
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return Results.Extensions.Page<ErrorPage>(new
            {
                Title = "A little slower, please",
                Words = "Too many requests came from you. Nothing was changed.",
                Link = here ?? "/",
                LinkWords = here is null ? "To the listings" : "Try again",
                RetrySeconds = (int?)seconds,
                Again = here,
                Reference,
            }, StatusCodes.Status429TooManyRequests).ExecuteAsync(httpContext);
        }
    }
}
