using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

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
        endpoints.RequireRateLimiting(new PerCaller(permits, window));

    /// <summary>
    /// Per caller and service: twenty a second. A page of the shop reads from its services five times at most, the
    /// operators' console once in 800 ms.
    /// </summary>
    public const int ReadsPerMinuteMax = 1_200;

    // Not limited: requests of the sidecar, the orchestrator and other apps.
    static bool IsRead(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !SidecarOnly.Guards(request.Path) && !request.Path.StartsWithSegments("/health");

    internal static IServiceCollection AddTicketingRateLimits(this IServiceCollection services) =>
        services.AddRateLimiter(options =>
        {
            var reads = new PerCaller(ReadsPerMinuteMax, TimeSpan.FromMinutes(1));
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.OnRejected = reads.OnRejected;
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, (object, string)>(context =>
                IsRead(context.Request)
                    ? reads.GetPartition(context)
                    : RateLimitPartition.GetNoLimiter<(object, string)>((reads, "")));
        });

    internal static void SetRetryAfter(HttpResponse response, TimeSpan wait) => response.Headers.RetryAfter =
        Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    sealed class PerCaller(int permits, TimeSpan window) : IRateLimiterPolicy<(object Policy, string Caller)>
    {
        public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = static (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : TimeSpan.Zero;
            SetRetryAfter(context.HttpContext.Response, wait);
            return ValueTask.CompletedTask;
        };

        public RateLimitPartition<(object Policy, string Caller)> GetPartition(HttpContext context)
        {
            var multiplier = context.RequestServices.GetRequiredService<IConfiguration>()
                .GetValue("RateLimits:Multiplier", 1);
            var caller = User.From(context.User)?.Id.Value
                ?? AddressBlock.Of(context.Connection.RemoteIpAddress).ToString();
            return RateLimitPartition.GetTokenBucketLimiter(((object)this, caller), _ => new()
            {
                TokenLimit = permits * multiplier,
                TokensPerPeriod = multiplier,
                ReplenishmentPeriod = window / permits,
                QueueLimit = 0,
            });
        }
    }
}
