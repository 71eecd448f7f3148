namespace Ticketing.Web.Pages;

/// <summary>
/// What goes wrong below the pages (a bug, a refused method, a body too large) is told to a browser as a page as well.
/// Programs get what they get everywhere: it stands before the writer of problem+json.
/// </summary>
sealed class ProblemPageWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.GetTypedHeaders().Accept
            .Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        await ErrorPages.Page(status).ExecuteAsync(http);
    }
}
