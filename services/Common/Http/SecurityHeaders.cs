using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>What every answer says about itself unless its endpoint said otherwise.</summary>
static class SecurityHeaders
{
    public static Task Add(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(static state =>
        {
            var headers = ((HttpResponse)state).Headers;
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
