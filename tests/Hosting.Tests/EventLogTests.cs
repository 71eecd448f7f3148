using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Flow;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public sealed class EventLogTests : MessageTests
{
    const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task What_became_of_a_message_is_told_to_an_operator()
    {
        Handler.StoreFails = true;
        await Host.Deliver(Message);
        Handler.StoreFails = false;
        await Host.Deliver(Message);

        var seen = await ReadLog("");
        Assert.Equal(["failed: TryAgainException", "applied on retry 1"], seen.Select(StepText.Of));
        Assert.All(seen, one => Assert.Equal(
            (NotesApp.AppId, "pubsub", "tickets", Message.Id, Message.Type, "abc-1"),
            (one.Step.App, one.Step.PubSub, one.Step.Topic, one.Step.EventId, one.Step.Type, one.Step.Subject)));
    }

    // Once an event without an id was stored, and every later read of the log failed.
    [Theory]
    [InlineData("id")]
    [InlineData("type")]
    public async Task A_message_without_an_id_or_a_type_is_dropped_and_leaves_the_log_readable(string absent)
    {
        var json = JsonNode.Parse(await Body().ReadAsStringAsync())!.AsObject();
        json.Remove(absent);
        var answer = await Host.Deliver("/events/tickets",
            new StringContent(json.ToJsonString(), null, "application/cloudevents+json"));
        Assert.Contains("DROP", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await ReadLog(""));
    }

    [Fact]
    public async Task A_dead_letter_is_followed_to_the_end()
    {
        Handler.RefusesAll = true;
        await DeliverDead();
        Assert.Equal(
            ["dead letter", "failed: InvalidOperationException",
             "parked: InvalidOperationException: abc-1 never works."],
            (await ReadLog("")).Select(StepText.Of));

        Handler.RefusesAll = false;
        await Answers.AssertStatus(await Operate(HttpMethod.Post,
            $"dead-letters/{Uri.EscapeDataString(Message.Id)}/apply"), 204);
        Assert.Equal("applied on retry 1", StepText.Of((await ReadLog(""))[^1]));
    }

    [Theory]
    [InlineData("?subject=abc", 1)]
    [InlineData("?subject=abc-1", 1)]
    [InlineData("?subject=abc-2", 1)]   // all events of its ticket: the caller filters by the order's time
    [InlineData("?subject=xyz", 0)]
    [InlineData("?outcome=applied&app=notes", 1)]
    [InlineData("?outcome=dead-letter", 0)]
    [InlineData("?trace=" + Trace, 1)]
    [InlineData("?trace=1" + Trace, 0)]
    public async Task It_is_filtered_as_the_pages_are(string query, int count)
    {
        using var delivery = new HttpRequestMessage(HttpMethod.Post, "/events/tickets") { Content = Body() };
        delivery.Headers.Add("dapr-api-token", ServiceHost.AppToken);
        delivery.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        await Answers.AssertStatus(await Host.Anonymous.SendAsync(delivery), 200);
        Assert.Equal(count, (await ReadLog(query)).Count);
    }

    [Fact]
    public async Task A_duplicate_is_told_as_one_even_alone()
    {
        var log = Host.Services.GetRequiredService<EventLog>();
        var envelope =
            new CloudEvent<ExpirationElapsed>(Message.Id, Message.Type, new(OrderId.Parse("abc-1"), default));
        foreach (var ack in new[] { Ack.Applied, Ack.Stale })
            log.Handled(envelope, "pubsub", "tickets", ack, "", log.Start());
        Assert.Equal("duplicate", StepText.Of(Assert.Single(await ReadLog("?outcome=duplicate"))));
    }

    [Fact]
    public async Task Nobody_without_the_token_is_told()
    {
        await Answers.AssertStatus(await Host.Anonymous.GetAsync("/internal/flow"), 401, "app-token");
        await Answers.AssertStatus(await Host.As("ada").GetAsync("/internal/flow"), 401, "app-token");
    }

    async Task<IReadOnlyList<JudgedStep>> ReadLog(string query)
    {
        var answer = await Operate(HttpMethod.Get, $"flow{query}");
        var list = await answer.Content.ReadFromJsonAsync(FlowJson.Default.StepList);
        Assert.NotEmpty(list!.Instance);
        return JudgedStep.All(list.Steps);
    }
}
