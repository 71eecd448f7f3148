using System.Text.Json;
using Dapr;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>The official SDK on both sides: it publishes over gRPC and its ASP.NET part subscribes.</summary>
public sealed class SdkTests : IAsyncLifetime
{
    public sealed record Ticket(string Title, long PriceMinor);

    readonly TaskCompletionSource<Ticket> _ticket = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<CloudEvent<Ticket>> _event = new(TaskCreationOptions.RunContinuationsAsynchronously);

    WebApplication _app = null!;
    TestSidecar _dapr = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        _app = builder.Build();
        _app.MapPost("/unwrapped", (JsonElement envelope) =>
        {
            var data = envelope.GetProperty("data").Deserialize<Ticket>(JsonSerializerOptions.Web)!;
            _ticket.TrySetResult(data);
            return new { status = "SUCCESS", outcome = "applied" };
        }).WithTopic("pubsub", "tickets");
        _app.MapPost("/whole", (CloudEvent<Ticket> envelope) =>
        {
            _event.TrySetResult(envelope);
            return Results.Ok();
        }).WithTopic("pubsub", "whole");
        _app.MapSubscribeHandler();
        await _app.StartAsync(Ct);

        _dapr = await TestSidecar.StartAsync(
            Yaml.Component("pubsub", "pubsub.in-memory"), o => o with { AppPort = new Uri(_app.Urls.First()).Port });
        await _dapr.IsSubscribedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _dapr.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_the_sdk_publishes_its_subscriber_gets()
    {
        using var client = _dapr.Client();

        await client.PublishEventAsync("pubsub", "tickets", new Ticket("Die Zauberflöte <2>", 4_200), Ct);

        Assert.Equal(
            new Ticket("Die Zauberflöte <2>", 4_200), await _ticket.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct));
    }

    [Fact]
    public async Task Its_cloud_events_keep_their_attributes()
    {
        using var client = _dapr.Client();

        await client.PublishEventAsync("pubsub", "whole", new CloudEvent<Ticket>(new("x", 1))
        {
            Source = new Uri("urn:tickets"), Type = "ticket.listed", Subject = "t1",
        }, Ct);

        var received = await _event.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        Assert.Equal(("urn:tickets", "ticket.listed", "t1", 1L),
            (received.Source.ToString(), received.Type, received.Subject, received.Data.PriceMinor));
    }

    [Theory]
    [InlineData("nope", "t", "pubsub nope is not found")]
    [InlineData("pubsub", "forbidden", "topic forbidden is not allowed for app id app")]
    public async Task A_refusal_reaches_the_publisher(string pubSub, string topic, string message)
    {
        await using var dapr = await TestSidecar.StartAsync(
            Yaml.Component("pubsub", "pubsub.in-memory", ("protectedTopics", "forbidden")));
        using var client = dapr.Client();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => client.PublishEventAsync(pubSub, topic, "x", Ct));

        Assert.Contains(message, error.ToString());
    }

    [Fact]
    public async Task The_flow_feed_tells_what_happened_and_what_the_app_said_it_did()
    {
        using var client = _dapr.Client();

        await client.PublishEventAsync("pubsub", "tickets", new Ticket("x", 1), new Dictionary<string, string>
        {
            ["cloudevent.id"] = "e1", ["cloudevent.type"] = "ticket.listed", ["cloudevent.subject"] = "t1",
        }, Ct);

        // The app may have settled it before publishing returns.
        FlowStep[] steps = [await NextStepAsync(), await NextStepAsync()];
        var published = Assert.Single(steps, step => step.Kind == FlowKind.Published);
        var settled = Assert.Single(steps, step => step.Kind == FlowKind.Settled);
        Assert.Equal(("app", "pubsub", "tickets", "e1", "ticket.listed", "t1", 0, ""), Told(published));
        Assert.Equal(("app", "pubsub", "tickets", "e1", "ticket.listed", "t1", 1, "applied"), Told(settled));

        Task<FlowStep> NextStepAsync() =>
            _dapr.WaitForStepAsync(step => step.Kind is FlowKind.Published or FlowKind.Settled);

        static (string, string, string, string, string, string, int, string) Told(FlowStep step) =>
            (step.AppId, step.PubSub, step.Topic, step.EventId, step.Type, step.Subject, step.Attempt, step.Outcome);
    }
}
