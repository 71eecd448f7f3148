namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>Refusals over HTTP, byte for byte as recorded from daprd.</summary>
public sealed class PublishErrorTests : IAsyncLifetime
{
    const string Google = "type.googleapis.com/google.rpc";

    TestSidecar _dapr = null!;

    public async ValueTask InitializeAsync() => _dapr = await TestSidecar.StartAsync(Yaml.Component(
        "pubsub", "pubsub.in-memory",
        ("publishingScopes", "app=ok,b,e,a/b"),
        ("allowedTopics", "ok,closed,guarded,b,e,a/b"),
        ("protectedTopics", "guarded")));

    public ValueTask DisposeAsync() => _dapr.DisposeAsync();

    [Fact]
    public async Task An_unknown_component()
    {
        Assert.Equal((404, $$"""
            {"errorCode":"ERR_PUBSUB_NOT_FOUND","message":"pubsub nope is not found","details":[
            {"@type":"{{Google}}.ErrorInfo","domain":"dapr.io","metadata":{},"reason":"DAPR_PUBSUB_NOT_FOUND"}]}
            """.Replace("\n", "")), await _dapr.PublishAsync("nope/t", "{}"));
    }

    [Theory]
    [InlineData("pubsub/")]
    [InlineData("pubsub")]
    public async Task No_topic(string path) => Assert.Equal((404, """
        {"errorCode":"ERR_DIRECT_INVOKE","message":"failed getting app id either from the URL path or the header dapr-app-id"}
        """), await _dapr.PublishAsync(path, "{}"));

    [Theory]
    [InlineData("pubsub/a/b")]
    [InlineData("pubsub/a%2Fb")]
    public async Task A_topic_may_have_slashes(string path) =>
        Assert.Equal((204, ""), await _dapr.PublishAsync(path, "{}"));

    [Theory]
    [InlineData("guarded")]
    [InlineData("closed")]
    [InlineData("other")]
    public async Task A_topic_out_of_scope(string topic) => Assert.Equal((403, Error(
        "ERR_PUBSUB_FORBIDDEN", $"topic {topic} is not allowed for app id app", "DAPR_PUBSUB_FORBIDDEN",
        $$"""{"error":"topic {{topic}} is not allowed for app id app","topic":"{{topic}}"}""")),
        await _dapr.PublishAsync("pubsub/" + topic, "{}"));

    [Fact]
    public async Task A_cloud_event_that_is_none()
    {
        var answer = await _dapr.PublishAsync("pubsub/e", "{oops", "application/cloudevents+json");

        Assert.Equal((500, "ERR_PUBSUB_CLOUD_EVENTS_SER"), ErrorCode.Of(answer));
        Assert.Contains("\"reason\":\"DAPR_PUBSUB_CLOUD_EVENT_CREATION\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_raw_payload() => Assert.Equal((400, Error(
        "ERR_PUBSUB_REQUEST_METADATA", "rawPayload is not supported by this sidecar",
        "DAPR_PUBSUB_METADATA_DESERIALIZATION", """{"rawPayload":"true"}""")),
        await _dapr.PublishAsync("pubsub/e?metadata.rawPayload=true", "{}"));

    static string Error(string code, string message, string reason, string metadata) =>
        $$"""
        {"errorCode":"{{code}}","message":"{{message}}","details":[{"@type":"{{Google}}.ResourceInfo",
        "description":"{{message}}","owner":"","resource_name":"pubsub","resource_type":"pubsub"},
        {"@type":"{{Google}}.ErrorInfo","domain":"dapr.io","metadata":{{metadata}},"reason":"{{reason}}"}]}
        """.Replace("\n", "");
}
