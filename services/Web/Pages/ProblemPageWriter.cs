namespace Ticketing.Web.Pages;

/// <summary>
/// Writes errors outside of the endpoints (an exception, a refused method, a body too large) as a page, if the client
/// accepts HTML. Other clients get problem+json, from the writer registered after this one.
/// </summary>
sealed class ProblemPageWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.GetTypedHeaders().Accept
            .Any(type =>
                type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var status = context.ProblemDetails.Status ?? http.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        await ErrorPages.Page(status).ExecuteAsync(http);
    }
}
