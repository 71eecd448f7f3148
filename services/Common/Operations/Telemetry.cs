using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ticketing.Common;

/// <summary>
/// Traces and metrics leave by OTLP if somebody listens: <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where.
/// </summary>
public static class Telemetry
{
    /// <summary>Name of the meter and of the trace source.</summary>
    public const string Name = "Ticketing";

    /// <summary>What the services count; see docs for the names.</summary>
    public static readonly Meter Meter = new(Name);

    internal static void AddTicketingTelemetry(this WebApplicationBuilder builder, string appId)
    {
        // Without a collector nothing is sampled: it would only cost.
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(appId))
            .WithTracing(traces => traces.AddSource(Name)
                .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                    !Readiness.IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics.AddMeter(Name)
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .UseOtlpExporter();
    }
}
