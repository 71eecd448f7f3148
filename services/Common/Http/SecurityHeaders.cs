using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>What every answer says about itself unless its endpoint said otherwise.</summary>
static class SecurityHeaders
{
    /// <summary>A year, as browsers' preload lists want it: this host is never asked over plain http again.</summary>
    const string HttpsOnly = "max-age=31536000; includeSubDomains";

    public static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var response = (HttpResponse)state;
            var headers = response.Headers;
            // Over plain http browsers pass it over, and an attacker could have written it.
            if (response.HttpContext.Request.IsHttps)
                headers.TryAdd("Strict-Transport-Security", HttpsOnly);
            headers.TryAdd("X-Content-Type-Options", "nosniff");
            headers.TryAdd("Referrer-Policy", "same-origin");
            headers.TryAdd("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
            // Answers are personal, or old in a moment; who may be cached says so.
            headers.TryAdd("Cache-Control", "no-store");
            return Task.CompletedTask;
        }, context.Response);
        return next(context);
    }
}
