namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>The whole table of what an app may answer, as recorded from daprd.</summary>
public sealed class AnswerTests
{
    const string Policy = """
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: { name: resiliency }
        spec:
          policies: { retries: { r3: { policy: constant, duration: 20ms, maxRetries: 3 } } }
          targets: { components: { pubsub: { inbound: { retry: r3 } } } }
        """;

    static readonly string Broker = Yaml.Component("pubsub", "pubsub.in-memory");

    [Theory]   // times delivered and dead letters: without a policy, and with three retries
    [InlineData("empty", 200, "", 1, 0, 1, 0)]
    [InlineData("success", 200, """{"status":"SUCCESS"}""", 1, 0, 1, 0)]
    [InlineData("retry", 200, """{"status":"RETRY"}""", 1, 1, 4, 1)]
    [InlineData("drop", 200, """{"status":"DROP"}""", 1, 1, 1, 1)]
    [InlineData("unknown", 200, """{"status":"WHATEVER"}""", 1, 1, 4, 1)]
    [InlineData("lowercase", 200, """{"status":"success"}""", 1, 1, 4, 1)]
    [InlineData("othername", 200, """{"Status":"DROP"}""", 1, 1, 1, 1)]
    [InlineData("nostatus", 200, """{"ok":true}""", 1, 0, 1, 0)]
    [InlineData("nulled", 200, """{"status":null}""", 1, 0, 1, 0)]
    [InlineData("numbered", 200, """{"status":5}""", 1, 0, 1, 0)]
    [InlineData("garbage", 200, "{garbage", 1, 0, 1, 0)]
    [InlineData("array", 200, "[1]", 1, 0, 1, 0)]
    [InlineData("s204", 204, "", 1, 0, 1, 0)]
    [InlineData("s302", 302, "", 1, 1, 4, 1)]
    [InlineData("s400", 400, "", 1, 1, 4, 1)]
    [InlineData("s404", 404, "", 1, 1, 1, 1)]
    [InlineData("s500", 500, "", 1, 1, 4, 1)]
    public async Task Every_answer_has_its_end(
        string topic, int status, string body, int delivered, int dead, int deliveredWithRetries, int deadWithRetries)
    {
        Assert.Equal(
            (delivered, dead), await DeliverAsync(Broker, topic, app => app.Answer($"/t/{topic}", status, body)));
        Assert.Equal((deliveredWithRetries, deadWithRetries),
            await DeliverAsync($"{Broker}\n---\n{Policy}", topic, app => app.Answer($"/t/{topic}", status, body)));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure()
    {
        Assert.Equal((4, 1), await DeliverAsync($"{Broker}\n---\n{Policy}", "broken", app => app.Answers["/t/broken"] = http =>
        {
            http.Abort();
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public async Task A_dead_letter_is_the_event_as_it_was_published()
    {
        await using var app = await StartAppAsync("x");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);
        app.Answer("/t/x", 500);

        await dapr.PublishAsync("pubsub/x", """{"n":1}""");

        var dead = Assert.Single(await app.WaitForAsync("/t/dead"));
        Assert.Equal(Assert.Single(app.At("/t/x")).Body, dead.Body);
        Assert.Contains("\"topic\":\"x\"", dead.Body);
    }

    [Fact]
    public async Task A_handler_that_recovers_ends_the_retries()
    {
        await using var app = await StartAppAsync("x");
        await using var dapr = await PubSubTest.StartAsync($"{Broker}\n---\n{Policy}", app);
        app.Answers["/t/x"] = http => Task.FromResult(http.Response.StatusCode = app.At("/t/x").Count < 3 ? 500 : 200);

        await dapr.PublishAsync("pubsub/x", "{}");
        await dapr.PublishAsync("pubsub/x", "{}");

        await app.WaitForAsync("/t/x", 4);
        Assert.Empty(app.At("/t/dead"));
    }

    static async Task<(int Delivered, int Dead)> DeliverAsync(string yaml, string topic, Action<RecordingApp> prepare)
    {
        await using var app = await StartAppAsync(topic);
        await using var dapr = await PubSubTest.StartAsync(yaml, app);
        prepare(app);

        Assert.Equal((204, ""), await dapr.PublishAsync($"pubsub/{topic}", "{}"));

        var end = await dapr.WaitForStepAsync(
            step => step.Topic == topic && step.Kind is FlowKind.Settled or FlowKind.DeadLettered);
        return (app.At($"/t/{topic}").Count, end.Kind == FlowKind.DeadLettered ? 1 : 0);
    }

    static Task<RecordingApp> StartAppAsync(string topic) => RecordingApp.StartAsync(
        RecordingApp.Subscriptions("pubsub", ""","deadLetterTopic":"dead" """, topic)[..^1] + ","
        + RecordingApp.Subscriptions("pubsub", "", "dead")[1..]);
}
