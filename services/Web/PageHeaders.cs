namespace Ticketing.Web;

/// <summary>
/// The security headers of every page: nothing from other sites, no inline script, no inline style but the page's own.
/// Only the checkout allows the card processor's site, by <see cref="AllowProcessor"/>.
/// </summary>
sealed class PageHeaders(RequestDelegate next, PageStyle style)
{
    const string ProcessorKey = "processor";

    public static void AllowProcessor(HttpContext context, Uri script) =>
        context.Items[ProcessorKey] = script.GetLeftPart(UriPartial.Authority);

    public Task Invoke(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true)
                return Task.CompletedTask;
            var processor = context.Items[ProcessorKey] as string;
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy(processor);
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            // A page shows one user's current data, so nothing may cache it.
            headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    }

    string Policy(string? processor)
    {
        var frames = processor is null ? "'none'"
            : processor == "https://js.stripe.com"
                ? "https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com"
            : processor;
        var connect = processor == "https://js.stripe.com" ? "https://api.stripe.com" : processor ?? "";
        return $"default-src 'none'; script-src 'self' {processor}; style-src 'self' {style.Source}; "
            + $"img-src 'self' data:; connect-src 'self' {connect}; worker-src 'self'; frame-src {frames}; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";
    }
}
