using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

/// <summary>The trace header that reaches the sidecar, with the real client and real HTTP.</summary>
public sealed class PublishTraceTests : IAsyncLifetime
{
    const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    readonly ConcurrentQueue<string> headers = [];
    readonly ConcurrentQueue<Activity> spans = [];
    readonly WebApplication sidecar = Start();

    [Fact]
    public async Task An_event_is_published_in_its_own_trace()
    {
        using var recovering = new Activity("somebody else's request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Publish(Some(Caller));
        Assert.Equal(TraceOf(Caller), TraceOf(headers.Single()));
    }

    [Fact]
    public async Task The_span_of_a_publish_hangs_on_the_span_that_decided()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await Publish(Some(Caller));

        var span = Assert.Single(spans, span => span.ParentId == Caller);
        Assert.Equal(("publish tickets", ActivityKind.Producer), (span.OperationName, span.Kind));
        Assert.Equal(TraceOf(Caller), TraceOf(headers.Single()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("no trace at all")]
    public async Task An_event_without_a_trace_is_published_in_that_of_its_publisher(string? trace)
    {
        using var publisher = new Activity("publisher").SetIdFormat(ActivityIdFormat.W3C).Start();
        await Publish(Some(trace));
        Assert.Equal(TraceOf(publisher.Id!), TraceOf(headers.Single()));
    }

    static string TraceOf(string traceParent) => traceParent.Split('-')[1];

    static Event Some(string? trace) =>
        new("tickets:a:1", "tickets", "ticket.listed", "a", JsonElement.Parse("{}")) { TraceParent = trace };

    async Task Publish(Event message)
    {
        sidecar.MapPost("/dapr.proto.runtime.v1.Dapr/PublishEvent", Answer);
        await sidecar.StartAsync(TestContext.Current.CancellationToken);
        using var dapr = new DaprClientBuilder().UseGrpcEndpoint(sidecar.Urls.Single()).Build();
        using var bulk = new BulkStateReads(new ConfigurationBuilder().Build());
        var log = new Ticketing.Common.EventLog(new("test"), TimeProvider.System);
        await new DaprSidecar(dapr, bulk, log, new("test", default), TimeProvider.System)
            .Publish(message, TestContext.Current.CancellationToken);
    }

    async Task Answer(HttpContext context)
    {
        headers.Enqueue(context.Request.Headers.TraceParent.ToString());
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);   // an empty message
        context.Response.AppendTrailer("grpc-status", "0");
    }

    static WebApplication Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        return builder.Build();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => sidecar.DisposeAsync();
}
