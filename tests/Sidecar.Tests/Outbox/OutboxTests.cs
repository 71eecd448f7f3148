using System.Text;
using System.Text.Json.Nodes;
using Dapr.Client;
using Ticketing.Sidecar.Tests.PubSub;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Outbox;

/// <summary>What the recordings do not show: accidents, and other ways to set it up.</summary>
public sealed class OutboxTests
{
    const string Upsert = """
        {"operations":[{"operation":"upsert","request":{"key":"k","value":{"n":0.1234567},"contentType":"application/json"}}]}
        """;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_outlives_a_sidecar_that_dies_before_it_passes_it_on()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "orders");
        var folder = TestFolder.New("outbox");
        await using (var first = await StartAsync(folder, app.Port))
        {
            await TransactAsync(first);
            await first.Sidecar.KillAsync();
        }

        Assert.Empty(app.All);
        await using var second = await StartAsync(folder, app.Port);

        var body = JsonNode.Parse((await app.WaitForAsync("/t/orders"))[0].Body)!;
        Assert.Equal("""{"n":0.1234567}""", body["data"]!.ToJsonString());
        Assert.Equal(("orders", "pubsub", "app"), ($"{body["topic"]}", $"{body["pubsubname"]}", $"{body["source"]}"));
    }

    [Fact]
    public async Task An_event_waits_in_a_broker_of_its_own_where_the_store_names_one()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "orders");
        var yaml = Store("state.in-memory", ("outboxPubsub", "hidden")) + "\n---\n"
            + Yaml.Component("hidden", "pubsub.in-memory", ("allowedTopics", "defaultappordersoutbox")) + "\n---\n"
            + Yaml.Component("pubsub", "pubsub.in-memory", ("allowedTopics", "orders"));
        await using var dapr = await PubSubTest.StartAsync(yaml, app);

        await TransactAsync(dapr);

        await app.WaitForAsync("/t/orders");
    }

    [Fact]
    public async Task Bytes_over_grpc_are_told_as_they_are_and_a_delete_is_not_told()
    {
        await using var app = await RecordingApp.OfTopicsAsync("pubsub", "orders");
        await using var dapr = await PubSubTest.StartAsync(
            Store("state.sqlite", ("connectionString", ":memory:")) + "\n---\n" + Yaml.Component("pubsub", "pubsub.in-memory"), app);
        using var client = dapr.Client();

        await client.ExecuteStateTransactionAsync("store",
        [
            new("gone", null, StateOperationType.Delete),
            new("k", "plain <text>"u8.ToArray(), StateOperationType.Upsert, metadata: new Dictionary<string, string> { ["type"] = "told" }),
        ], cancellationToken: Ct);

        var body = JsonNode.Parse(Assert.Single(await app.WaitForAsync("/t/orders")).Body)!;
        Assert.Equal(("plain <text>", "text/plain", "told"), ($"{body["data"]}", $"{body["datacontenttype"]}", $"{body["type"]}"));
    }

    [Fact]
    public async Task Nothing_is_written_when_there_is_no_broker_to_tell()
    {
        await using var dapr = await TestSidecar.StartAsync(Store("state.in-memory"));

        using var refused = await SendAsync(dapr);

        Assert.Contains("ERR_PUBLISH_OUTBOX", await refused.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var read = await dapr.Http.GetAsync("/v1.0/state/store/k", Ct);
        Assert.Equal(204, (int)read.StatusCode);
    }

    static async Task<TestSidecar> StartAsync(string folder, int port)
    {
        var yaml = Store("state.sqlite", ("connectionString", $"{folder}/state.db")) + "\n---\n"
            + Yaml.Component("pubsub", "pubsub.sqlite", ("connectionString", $"{folder}/queue.db"));
        var dapr = await TestSidecar.StartAsync(yaml, options => options with { AppPort = port }, folder: folder);
        await dapr.IsSubscribedAsync();
        return dapr;
    }

    static string Store(string type, params (string Name, string Value)[] metadata) => Yaml.Component("store", type,
        [("outboxPublishPubsub", "pubsub"), ("outboxPublishTopic", "orders"), .. metadata]);

    static async Task TransactAsync(TestSidecar dapr)
    {
        using var answer = await SendAsync(dapr);
        Assert.Equal(204, (int)answer.StatusCode);
    }

    static async Task<HttpResponseMessage> SendAsync(TestSidecar dapr)
    {
        using var content = new StringContent(Upsert, Encoding.UTF8, "application/json");
        return await dapr.Http.PostAsync("/v1.0/state/store/transaction", content, Ct);
    }
}
