using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Ticketing.Common;

/// <summary>Rate limits per caller: 429 with <c>Retry-After</c> beyond them.</summary>
public static class RateLimits
{
    /// <summary>
    /// At most <paramref name="permits"/> at once and on average per <paramref name="window"/>, for each user, or for
    /// each <see cref="AddressBlock"/> of anonymous callers. <c>RateLimits:Multiplier</c> in the configuration
    /// multiplies every limit.
    /// </summary>
    public static TBuilder LimitPerCaller<TBuilder>(this TBuilder endpoints, int permits, TimeSpan window)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new Limit(permits, window));

    /// <summary>
    /// Per caller and service: twenty a second. A page of the shop reads from its services five times at most, the
    /// operators' console once in 800 ms.
    /// </summary>
    public const int ReadsPerMinuteMax = 1_200;

    // Not limited: requests of the sidecar, the orchestrator and other apps.
    static bool IsRead(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !SidecarOnly.Guards(request.Path) && !request.Path.StartsWithSegments("/health");

    internal static void SetRetryAfter(HttpResponse response, TimeSpan wait) => response.Headers.RetryAfter =
        Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    internal sealed record Limit(int Permits, TimeSpan Window);

    internal sealed class Middleware(RequestDelegate next, IConfiguration configuration, TimeProvider clock)
    {
        readonly int multiplier = configuration.GetValue("RateLimits:Multiplier", 1);
        readonly Limit reads = new(ReadsPerMinuteMax, TimeSpan.FromMinutes(1));
        // By reference: two endpoints with equal limits are counted apart.
        readonly ConcurrentDictionary<Limit, Throttle> throttles = new(ReferenceEqualityComparer.Instance);

        public Task Invoke(HttpContext context)
        {
            var wait = IsRead(context.Request) ? Take(reads, context) : TimeSpan.Zero;
            if (wait == TimeSpan.Zero && context.GetEndpoint()?.Metadata.GetMetadata<Limit>() is { } limit)
                wait = Take(limit, context);
            if (wait == TimeSpan.Zero)
                return next(context);
            SetRetryAfter(context.Response, wait);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        }

        TimeSpan Take(Limit limit, HttpContext context)
        {
            var throttle = throttles.GetOrAdd(limit, _ =>
                new(limit.Permits * multiplier, limit.Window / limit.Permits / multiplier, clock));
            return throttle.Take(User.From(context.User)?.Id.Value
                ?? AddressBlock.Of(context.Connection.RemoteIpAddress).ToString());
        }
    }
}
