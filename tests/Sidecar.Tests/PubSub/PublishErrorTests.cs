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
    public async Task A_cloud_event_that_is_none() => Assert.Equal((500, Error(
        "ERR_PUBSUB_CLOUD_EVENTS_SER", "cannot create cloudevent", "DAPR_PUBSUB_CLOUD_EVENT_CREATION",
        """{"appID":"app","error":"invalid character 'o' looking for beginning of object key string"}""")),
        await _dapr.PublishAsync("pubsub/e", "{oops", "application/cloudevents+json"));

    [Fact]
    public async Task A_raw_payload_that_is_maybe() => Assert.Equal((400, Error(
        "ERR_PUBSUB_REQUEST_METADATA", "failed deserializing metadata. Error: rawPayload value must be a valid boolean: actual is 'maybe'",
        "DAPR_PUBSUB_METADATA_DESERIALIZATION", """{"rawPayload":"maybe"}""")),
        await _dapr.PublishAsync("pubsub/e?metadata.rawPayload=maybe", "{}"));

    [Theory]
    [InlineData("""[{"entryId":"1","event":1,"contentType":"application/json"},{"entryId":"1","event":1,"contentType":"application/json"}]""",
        "error marshaling events to bytes for topic b pubsub pubsub. error: entryId is duplicated or not present for entry",
        "DAPR_PUBSUB_MARSHAL_EVENTS", """{"appID":"app","error":"entryId is duplicated or not present for entry"}""")]
    [InlineData("""[{"entryId":null,"event":1,"contentType":"application/json"}]""",
        "error marshaling events to bytes for topic b pubsub pubsub. error: entryId is duplicated or not present for entry",
        "DAPR_PUBSUB_MARSHAL_EVENTS", """{"appID":"app","error":"entryId is duplicated or not present for entry"}""")]
    [InlineData("{", "error when unmarshaling the request for topic b pubsub pubsub: unexpected EOF",
        "DAPR_PUBSUB_UNMARSHAL_EVENTS", """{"appID":"app"}""")]
    [InlineData("""[{"entryId":"1","event":5,"contentType":"text/plain"}]""",
        "error when marshalling cloud event envelope for topic b pubsub pubsub: error: mismatch between contentType and event",
        "DAPR_PUBSUB_MARSHAL_ENVELOPE", """{"appID":"app","error":"error: mismatch between contentType and event"}""")]
    [InlineData("""[{"entryId":"1","event":"***","contentType":"application/octet-stream"}]""",
        "error when marshalling cloud event envelope for topic b pubsub pubsub: error: unable to decode base64 application/octect-stream data: illegal base64 data at input byte 0",
        "DAPR_PUBSUB_MARSHAL_ENVELOPE",
        """{"appID":"app","error":"error: unable to decode base64 application/octect-stream data: illegal base64 data at input byte 0"}""")]
    public async Task A_bulk_request_that_makes_no_sense(string body, string message, string reason, string metadata) =>
        Assert.Equal(
            (400, Error("ERR_PUBSUB_EVENTS_SER", message, reason, metadata)),
            await _dapr.PublishAsync("bulk/pubsub/b", body));

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"entryId":"1","event":"hi","contentType":"text/plain"},{"entryId":"2","event":"AP8B","contentType":"application/octet-stream"}]""")]
    public async Task A_bulk_request_that_does(string body) =>
        Assert.Equal((204, ""), await _dapr.PublishAsync("bulk/pubsub/b", body));

    static string Error(string code, string message, string reason, string metadata) =>
        $$"""
        {"errorCode":"{{code}}","message":"{{message}}","details":[{"@type":"{{Google}}.ResourceInfo",
        "description":"{{message}}","owner":"","resource_name":"pubsub","resource_type":"pubsub"},
        {"@type":"{{Google}}.ErrorInfo","domain":"dapr.io","metadata":{{metadata}},"reason":"{{reason}}"}]}
        """.Replace("\n", "");
}
