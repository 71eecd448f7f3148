using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Traces and metrics are exported by OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
public static class Telemetry
{
    /// <summary>The name of the meter and of the trace source.</summary>
    public const string Name = "Ticketing";

    /// <summary>The meter of all services; its names are listed in the docs.</summary>
    public static readonly Meter Meter = new(Name);

    static readonly ActivitySource source = new(Name);

    /// <summary>
    /// Starts the span of a publish in the event's own trace: whoever publishes it may work for another caller, or
    /// recover what a dead process has left.
    /// </summary>
    /// <returns>Null if the event has no trace.</returns>
    internal static Activity? StartPublish(Event message)
    {
        if (!ActivityContext.TryParse(message.TraceParent, null, out var parent))
            return null;
        var name = $"publish {message.Topic}";
        // Without a listener the source makes no span; the trace id is to reach the subscribers all the same.
        return source.StartActivity(name, ActivityKind.Producer, parent)
            ?? new Activity(name).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags).Start();
    }

    internal static void AddTicketingTelemetry(this WebApplicationBuilder builder, string appId)
    {
        // Without a collector nothing is sampled, to save the cost.
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
