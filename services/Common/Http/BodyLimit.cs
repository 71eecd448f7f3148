#pragma warning disable IDE0005 // The ingress compiles this file too, and uses them all.
using Microsoft.AspNetCore.Http;
#pragma warning restore IDE0005
using Microsoft.AspNetCore.Http.Features;

namespace Ticketing.Common;

/// <summary>How many bytes the body of a request may have.</summary>
static class BodyLimit
{
    public const int Bytes = 64 * 1024;

    /// <summary>Stripe's events hold whole objects, of any size.</summary>
    const int WebhookBytes = 1024 * 1024;

    static readonly PathString webhooks = "/api/payments/webhooks";

    public static int Of(HttpRequest request) =>
        request.Path.StartsWithSegments(webhooks, StringComparison.OrdinalIgnoreCase) ? WebhookBytes : Bytes;

    /// <summary>Has the server end the reading of a longer body. Call it before anything reads it.</summary>
    public static void Set(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = Of(context.Request);
    }
}
