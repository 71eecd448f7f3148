using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ticketing.Web;

/// <summary>The two ways a page's endpoint answers: a page, or "look there".</summary>
static class PageResults
{
    public static IResult Page<TPage>(this IResultExtensions _, object parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage>(parameters) { StatusCode = status };

    /// <summary>303: the browser gets the next page with GET, so that reload and Back repeat nothing.</summary>
    /// <param name="path">Of this site. A header is ASCII: the rest is percent-encoded here.</param>
    public static IResult SeeOther(this IResultExtensions _, string path) => new SeeOtherResult(path);

    sealed class SeeOtherResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = ReturnPath.ToAscii(path);
            return Task.CompletedTask;
        }
    }
}
