using Ticketing.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ticketing.Hosting.Tests;

public sealed class ReadinessTests
{
    [Fact]
    public async Task A_store_that_is_away_is_named_and_takes_no_replica_out_of_service()
    {
        await using var host = await ServiceHost.Start(NotesApp.Build, WithASidecar);
        await Answers.AssertStatus(await host.Anonymous.GetAsync("/health/ready"), 200);
        host.Sidecar.Script = call => call.Operation == Operation.Get ? Accident.FailBefore : Accident.None;
        var ready = await host.Anonymous.GetAsync("/health/ready");
        await Answers.AssertStatus(ready, 503, "not-ready");
        Assert.Contains("\"down\":[\"store\"]", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Answers.AssertStatus(await host.Anonymous.GetAsync("/health/serving"), 200);
        await Answers.AssertStatus(await host.Anonymous.GetAsync("/health/live"), 200);
    }

    [Fact]
    public async Task A_store_that_hangs_is_a_store_that_is_away()
    {
        await using var host = await ServiceHost.Start(NotesApp.Build, WithASidecar);
        host.Sidecar.Script = call => call.Operation == Operation.Get ? Accident.Freeze : Accident.None;
        await Answers.AssertStatus(await host.Anonymous.GetAsync("/health/ready"), 503, "not-ready");
        host.Sidecar.Script = _ => Accident.None;
        host.Sidecar.Thaw();
    }

    [Fact]
    public async Task Without_its_own_sidecar_a_replica_does_not_serve()
    {
        await using var host = await ServiceHost.Start(NotesApp.Build);
        var serving = await host.Anonymous.GetAsync("/health/serving");
        await Answers.AssertStatus(serving, 503, "not-ready");
        Assert.Contains("\"down\":[\"sidecar\"]", await serving.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    static void WithASidecar(WebApplicationBuilder builder) =>
        builder.Services.Configure<HealthCheckServiceOptions>(options =>
    {
        var check = options.Registrations.Single(registration => registration.Name == "sidecar");
        check.Factory = _ => new AlwaysHealthy();
    });

    sealed class AlwaysHealthy : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context,
            CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Healthy());
    }
}
