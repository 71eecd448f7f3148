using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Flow;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

/// <summary>Hosts of their own: these tests change what the handler does.</summary>
public sealed class EventLogTests : IAsyncLifetime
{
    const string Trace = "0af7651916cd43dd8448eb211c80319c";
    static readonly Event message = Event.Of(new ExpirationElapsed(OrderId.Parse("abc-1"), DateTimeOffset.UnixEpoch))
        with
    { Topic = Topics.Tickets };
    ServiceHost host = null!;

    public async ValueTask InitializeAsync() => host = await ServiceHost.Start(NotesApp.Build);

    public async ValueTask DisposeAsync()
    {
        NotesApp.RefuseTickets = NotesApp.StoreIsAway = false;
        await host.DisposeAsync();
    }

    [Fact]
    public async Task What_became_of_a_message_is_told_to_an_operator()
    {
        NotesApp.StoreIsAway = true;
        await host.Deliver(message);
        NotesApp.StoreIsAway = false;
        await host.Deliver(message);

        var seen = await Seen("");
        Assert.Equal(["failed: TryAgainException", "applied on retry 1"], seen.Select(Words.Of));
        Assert.All(seen, one => Assert.Equal(
            (NotesApp.AppId, "pubsub", "tickets", message.Id, message.Type, "abc-1"),
            (one.Step.App, one.Step.PubSub, one.Step.Topic, one.Step.EventId, one.Step.Type, one.Step.Subject)));
    }

    [Fact]
    public async Task A_dead_letter_is_followed_to_the_end()
    {
        NotesApp.RefuseTickets = true;
        await host.Deliver($"/events/{NotesApp.AppId}.dead", Body());
        Assert.Equal(
            ["dead letter", "failed: InvalidOperationException",
             "parked: InvalidOperationException: This one never works."],
            (await Seen("")).Select(Words.Of));

        NotesApp.RefuseTickets = false;
        using var apply = Operator(HttpMethod.Post, $"/internal/dead-letters/{Uri.EscapeDataString(message.Id)}/apply");
        await Answers.Are(await host.Anonymous.SendAsync(apply), 204);
        Assert.Equal("applied on retry 1", Words.Of((await Seen(""))[^1]));
    }

    [Theory]
    [InlineData("?subject=abc", 1)]
    [InlineData("?subject=abc-1", 1)]
    [InlineData("?subject=abc-2", 1)]   // of its whole ticket: who asks knows when that order began
    [InlineData("?subject=xyz", 0)]
    [InlineData("?outcome=applied&app=notes", 1)]
    [InlineData("?outcome=dead-letter", 0)]
    [InlineData("?trace=" + Trace, 1)]
    [InlineData("?trace=1" + Trace, 0)]
    public async Task It_is_filtered_as_the_pages_are(string query, int count)
    {
        using var delivery = Operator(HttpMethod.Post, "/events/tickets");
        delivery.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        delivery.Content = Body();
        await Answers.Are(await host.Anonymous.SendAsync(delivery), 200);
        Assert.Equal(count, (await Seen(query)).Count);
    }

    [Fact]
    public async Task A_duplicate_is_told_as_one_even_alone()
    {
        var log = host.Services.GetRequiredService<EventLog>();
        var envelope = new CloudEvent<ExpirationElapsed>(message.Id, message.Type, new(OrderId.Parse("abc-1"), default));
        foreach (var ack in new[] { Ack.Applied, Ack.Stale })
            log.Handled(envelope, "pubsub", "tickets", ack, "", log.Start());
        Assert.Equal("duplicate", Words.Of(Assert.Single(await Seen("?outcome=duplicate"))));
    }

    [Fact]
    public async Task Nobody_without_the_token_is_told()
    {
        await Answers.Are(await host.Anonymous.GetAsync("/internal/flow"), 401, "app-token");
        await Answers.Are(await host.As("ada").GetAsync("/internal/flow"), 401, "app-token");
    }

    async Task<IReadOnlyList<Seen>> Seen(string query)
    {
        using var request = Operator(HttpMethod.Get, $"/internal/flow{query}");
        var answer = await host.Anonymous.SendAsync(request);
        var list = await answer.Content.ReadFromJsonAsync(FlowJson.Default.StepList);
        Assert.NotEmpty(list!.Instance);
        return Ticketing.Flow.Seen.All(list.Steps);
    }

    static HttpRequestMessage Operator(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        return request;
    }

    static JsonContent Body() => JsonContent.Create(new
    {
        id = message.Id, type = message.Type, topic = message.Topic, subject = message.Subject,
        pubsubname = DaprSidecar.PubSub, data = message.Data,
    });
}
