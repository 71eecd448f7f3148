using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ticketing.Web;

/// <summary>The two results of a page endpoint: a page, or a redirect (303).</summary>
static class PageResults
{
    public static IResult Page<TPage>(this IResultExtensions _, object parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage>(parameters) { StatusCode = status };

    /// <summary>303: the browser loads the next page with GET, so that a reload does not send the form again.</summary>
    /// <param name="path">A path of this site. Headers are ASCII: other characters are percent-encoded here.</param>
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
