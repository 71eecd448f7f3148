using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.PubSub;

public sealed class BulkSubscribeTests : IDisposable
{
    readonly string _folder = TestFolder.New("bulk");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    string Broker => Yaml.Component("pubsub", "pubsub.sqlite", ("connectionString", $"{_folder}/queue.db"))
        + "\n---\n" + """
        apiVersion: dapr.io/v1alpha1
        kind: Resiliency
        metadata: { name: resiliency }
        spec:
          policies: { retries: { r2: { policy: constant, duration: 10ms, maxRetries: 2 } } }
          targets: { components: { pubsub: { inbound: { retry: r2 } } } }
        """;

    [Fact]
    public async Task A_batch_is_sent_when_it_is_full_in_the_envelope_of_daprd()
    {
        await using var app = await StartAppAsync(
            """{"enabled":true,"maxMessagesCount":3,"maxAwaitDurationMs":60000}""");
        app.Answers["/t/b"] = AnswerAsync(_ => "SUCCESS");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        for (var i = 0; i < 3; i++) await dapr.PublishAsync("pubsub/b", $$"""{"n":{{i}}}""");

        var received = Assert.Single(await app.WaitForAsync("/t/b"));
        Assert.Equal("application/json", received.Headers["content-type"]);
        Assert.Matches("""
            ^\{"entries":\[(\{"entryId":"[^"]+","event":\{"data":\{"n":\d\},.*?"type":"com.dapr.event.sent"\},"metadata":\{\},"contentType":"application/cloudevents\+json"\},?){3}\],"id":"[^"]+","metadata":\{"pubsubName":"pubsub"\},"pubsubname":"pubsub","topic":"b","type":"com.dapr.event.sent.bulk"\}$
            """.Trim(), received.Body);
    }

    [Fact]
    public async Task A_batch_that_does_not_fill_is_sent_after_a_while()
    {
        await using var app = await StartAppAsync(
            """{"enabled":true,"maxMessagesCount":100,"maxAwaitDurationMs":50}""");
        app.Answers["/t/b"] = AnswerAsync(_ => "SUCCESS");
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        await dapr.PublishAsync("pubsub/b", "1");

        await app.WaitForAsync("/t/b");
    }

    [Fact]
    public async Task Only_what_failed_is_tried_again_and_what_goes_on_failing_is_a_dead_letter()
    {
        await using var app = await StartAppAsync(
            """{"enabled":true,"maxMessagesCount":4,"maxAwaitDurationMs":2000}""");
        app.Answers["/t/b"] = AnswerAsync(n => n switch { 0 => "SUCCESS", 1 => "DROP", 2 => "RETRY", _ => null });
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        for (var i = 0; i < 4; i++) await dapr.PublishAsync("pubsub/b", $"{i}");

        Assert.Equal([1, 2, 3], (await app.WaitForAsync("/t/dead", 3)).Select(PubSubTest.Number).Order());
        Assert.Equal(
            ["0,1,2,3", "2,3", "2,3"], app.At("/t/b").Select(batch => string.Join(',', Numbers(batch.Body).Order())));
    }

    [Theory]
    [InlineData(404, "", 1, 0)]
    [InlineData(500, "", 3, 1)]
    [InlineData(200, "", 3, 1)]
    [InlineData(200, "{}", 3, 1)]
    public async Task An_answer_for_the_whole_batch(int status, string body, int delivered, int dead)
    {
        await using var app = await StartAppAsync("""{"enabled":true,"maxMessagesCount":1}""");
        app.Answer("/t/b", status, body);
        await using var dapr = await PubSubTest.StartAsync(Broker, app);

        await dapr.PublishAsync("pubsub/b", "1");

        await dapr.WaitForStepAsync(
            step => step.Topic == "b" && step.Kind is FlowKind.Settled or FlowKind.DeadLettered);
        Assert.Equal(delivered, app.At("/t/b").Count);
        await app.WaitForAsync("/t/dead", dead);
    }

    static Task<RecordingApp> StartAppAsync(string bulk) => RecordingApp.StartAsync($$"""
        [{"pubsubname":"pubsub","topic":"b","route":"/t/b","deadLetterTopic":"dead","bulkSubscribe":{{bulk}}},
         {"pubsubname":"pubsub","topic":"dead","route":"/t/dead"}]
        """);

    /// <param name="status">By the number in an event; null leaves the entry out of the answer.</param>
    static Func<HttpContext, Task> AnswerAsync(Func<int, string?> status) => async http =>
    {
        var body = (string)http.Items["body"]!;
        using var document = JsonDocument.Parse(body);
        var statuses = document.RootElement.GetProperty("entries").EnumerateArray()
            .Select(entry => (Id: entry.GetProperty("entryId").GetString(), Status: status(Number(entry))))
            .Where(entry => entry.Status is not null)
            .Select(entry => $$"""{"entryId":"{{entry.Id}}","status":"{{entry.Status}}"}""");
        await http.Response.WriteAsync($$"""{"statuses":[{{string.Join(',', statuses)}}]}""");
    };

    static int Number(JsonElement entry) => entry.GetProperty("event").GetProperty("data") switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetInt32(),
        var map => map.GetProperty("n").GetInt32(),
    };

    static List<int> Numbers(string body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. document.RootElement.GetProperty("entries").EnumerateArray().Select(Number)];
    }
}
