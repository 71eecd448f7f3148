using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.Common;

/// <summary>
/// <c>/health/live</c>: the process runs (probed by the sidecar). <c>/health/ready</c>: everything it needs is there,
/// or 503 with the missing parts in <c>down</c>. <c>/health/serving</c>, for Kubernetes, leaves out store and broker:
/// those are down for all replicas at once, and taking every replica out of service would refuse all requests.
/// </summary>
static class Readiness
{
    const string Prefix = "/health", Shared = "shared";
    static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(1);

    public static bool IsProbe(PathString path) => path.StartsWithSegments(Prefix);

    public static IServiceCollection AddReadiness(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<Sidecar>("sidecar", timeout: CheckTimeout)
            .AddCheck<Store>("store", tags: [Shared], timeout: CheckTimeout)
            .AddCheck<Broker>("broker", tags: [Shared], timeout: CheckTimeout)
            .AddCheck<Key>("key", timeout: CheckTimeout);
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup(Prefix).ExcludeFromDescription();
        health.MapGet("/live", static () => TypedResults.Text("alive"));
        health.MapGet("/ready", (HealthCheckService checks, CancellationToken ct) =>
            Report(checks, static _ => true, ct));
        health.MapGet("/serving", (HealthCheckService checks, CancellationToken ct) =>
            Report(checks, static check => !check.Tags.Contains(Shared), ct));
    }

    static async Task<IResult> Report(
        HealthCheckService checks, Func<HealthCheckRegistration, bool> which, CancellationToken ct)
    {
        var report = await checks.CheckHealthAsync(which, ct);
        string[] down =
            [.. report.Entries.Where(part => part.Value.Status != HealthStatus.Healthy).Select(part => part.Key)];
        return down.Length == 0
            ? TypedResults.Text("ready")
            : new Refusal(503, "not-ready", $"Not ready: {string.Join(", ", down)}.").With("down", down).ToProblem();
    }

    sealed class Sidecar(DaprClient dapr) : IHealthCheck
    {
        // Not the sidecar's general health: that waits for this app.
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Of(await dapr.CheckOutboundHealthAsync(cancellationToken));
    }

    sealed class Store(IServiceProvider services) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default)
        {
            if (services.GetService<ISidecar>() is { } sidecar)
                await sidecar.Get(InstanceDirectory.Key, cancellationToken).WaitAsync(cancellationToken);
            return Of(true);
        }
    }

    sealed class Broker(IServiceProvider services) : IHealthCheck
    {
        // A check of its own would have to publish: the result of the last real message is used.
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(Of(services.GetService<ISidecar>() is not DaprSidecar { LastPublishFailed: true }));
    }

    sealed class Key(SessionKeys keys) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(Of(keys.IsLoaded));
    }

    static HealthCheckResult Of(bool isWell) => isWell ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy();
}
