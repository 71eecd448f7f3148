using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>Sets the security headers of every response, unless its endpoint has set them.</summary>
static class SecurityHeaders
{
    /// <summary>One year, as browsers' preload lists demand: browsers use only https for this host.</summary>
    const string HttpsOnly = "max-age=31536000; includeSubDomains";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var response = (HttpResponse)state;
            var headers = response.Headers;
            // Browsers ignore it over plain http, where an attacker could have added it.
            if (response.HttpContext.Request.IsHttps)
                headers.TryAdd("Strict-Transport-Security", HttpsOnly);
            headers.TryAdd("X-Content-Type-Options", "nosniff");
            headers.TryAdd("Referrer-Policy", "same-origin");
            headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            // Most responses are personal or soon outdated; an endpoint that allows caching says so itself.
            headers.TryAdd("Cache-Control", "no-store");
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
