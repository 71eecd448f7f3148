using System.Diagnostics;
using Ticketing.Web.Api;

namespace Ticketing.Web.Pages;

/// <summary>Every "no" is a page: what happened, what to do now, and a number to quote.</summary>
static class Errors
{
    public static IResult Of<T>(Answer<T> answer) where T : class => answer.Status switch
    {
        401 => Page(401, "Sign in first", "This page belongs to somebody. Sign in to see whether it is you.", "/signin", "Sign in"),
        403 => Page(403, "That is not yours", answer.Problem?.Title ?? "Only its owner may do this."),
        404 => NotFound(),
        409 => Page(409, "Too late", answer.Problem?.Title ?? "It has changed in the meantime."),
        429 => Page(429, "A little slower, please", "Too many requests came from you. Wait a moment and try again."),
        >= 500 => Page(503, "One part of the shop is resting", "Nothing was changed or charged. Try again in a moment."),
        _ => Page(answer.Status, "That did not work", answer.Problem?.Title ?? "The request was refused."),
    };

    public static IResult NotFound() =>
        Page(404, "There is nothing here", "The page does not exist, or it is not yours to see.");

    public static IResult Page(int status, string title, string words, string link = "/", string linkWords = "To the listings") =>
        Results.Extensions.Page<ErrorPage>(new
        {
            Title = title,
            Words = words,
            Link = link,
            LinkWords = linkWords,
            Reference = Activity.Current?.TraceId.ToHexString(),
        }, status);
}
