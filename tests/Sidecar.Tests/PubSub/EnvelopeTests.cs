using Microsoft.Extensions.Time.Testing;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>What subscribers get for what was published, byte for byte as recorded from daprd.</summary>
public sealed class EnvelopeTests : IAsyncLifetime
{
    const string Id = "6e0e9ac8-9a1a-4fd1-8a52-3f2b4f2a7c11";
    const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const string NoSpan = "00-00000000000000000000000000000000-0000000000000000-00";

    readonly SidecarHost _host = new(
        KnownComponents.Registry,
        new FakeTimeProvider(new(2026, 11, 25, 7, 23, 34, TimeSpan.Zero)),
        newId: () => new Guid(Id));

    RecordingApp _app = null!;
    TestSidecar _dapr = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await RecordingApp.StartAsync("""[{"pubsubname":"pubsub","topic":"e","route":"/t/e"}]""");
        _dapr = await PubSubTest.StartAsync(Yaml.Component("pubsub", "pubsub.in-memory"), _app, host: _host);
    }

    public async ValueTask DisposeAsync()
    {
        await _dapr.DisposeAsync();
        await _host.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("application/json", """{"b":"<x>","a":12345678901234567890}""",
        """ "data":{"a":12345678901234567890,"b":"<x>"} """)]
    [InlineData("application/json", "\"text\"", """ "data":"text" """)]
    [InlineData("application/json", "5", """ "data":5 """)]
    [InlineData("application/json", "1.50e3", """ "data":1.50e3 """)]
    [InlineData("application/json", "{oops", """ "data":"{oops" """)]
    [InlineData("application/json", "", """ "data":"" """)]
    [InlineData("application/json", """{"a":"\ud800"}""", """ "data":"{\"a\":\"\\ud800\"}" """)]
    [InlineData("application/json", """{"a":"\u00e9/"}""", """ "data":{"a":"é/"} """)]
    [InlineData("application/json; charset=utf-8", """{"a":1}""", """ "data":{"a":1} """)]
    [InlineData("application/xml", "<a/>", """ "data":"<a/>" """)]
    [InlineData("application/vnd.x+json", """{"a":1}""", """ "data":"{\"a\":1}" """)]
    [InlineData("text/plain", "hello <b>", """ "data":"hello <b>" """)]
    [InlineData(null, "hello", """ "data":"hello" """)]
    [InlineData("application/octet-stream", "\0\u0001", """ "data_base64":"AAE=" """)]
    public async Task Data_is_embedded_by_its_content_type(string? contentType, string body, string data)
    {
        Assert.Equal((204, ""), await _dapr.PublishAsync("pubsub/e", body, contentType));

        var received = Assert.Single(await _app.WaitForAsync("/t/e"));
        Assert.Equal("{" + data.Trim() + $$"""
            ,"datacontenttype":"{{contentType ?? "text/plain"}}","id":"{{Id}}","pubsubname":"pubsub","source":"app",
            "specversion":"1.0","time":"2026-11-25T07:23:34Z","topic":"e","traceid":"","traceparent":"","tracestate":"",
            "type":"com.dapr.event.sent"}
            """.Replace("\n", ""), received.Body);
        Assert.Equal("application/cloudevents+json", received.Headers["content-type"]);
        Assert.Equal("pubsub", received.Headers["pubsubname"]);
        Assert.Equal(NoSpan, received.Headers["traceparent"]);
    }

    [Fact]
    public async Task The_publishers_trace_goes_with_the_event()
    {
        await _dapr.PublishAsync(
            "pubsub/e", "{}", "application/json", ("traceparent", Parent), ("tracestate", "a=b"), ("x-mine", "1"));

        var received = Assert.Single(await _app.WaitForAsync("/t/e"));
        Assert.Contains($"\"traceid\":\"{Parent}\",\"traceparent\":\"{Parent}\",\"tracestate\":\"a=b\"", received.Body);
        Assert.Equal(Parent, received.Headers["traceparent"]);
        Assert.False(received.Headers.ContainsKey("x-mine"));
    }

    [Fact]
    public async Task Metadata_overrides_attributes_and_comes_along_as_headers()
    {
        const string query = "metadata.cloudevent.id=mine&metadata.CloudEvent.Type=my.type"
            + "&metadata.cloudevent.source=src&metadata.cloudevent.subject=sub&metadata.cloudevent.traceid=t"
            + "&metadata.cloudevent.tracestate=a%3Db&metadata.cloudevent.foo=bar";

        await _dapr.PublishAsync("pubsub/e?" + query, "{}");

        var received = Assert.Single(await _app.WaitForAsync("/t/e"));
        Assert.Equal("""
            {"data":{},"datacontenttype":"application/json","id":"mine","pubsubname":"pubsub","source":"src",
            "specversion":"1.0","subject":"sub","time":"2026-11-25T07:23:34Z","topic":"e","traceid":"t",
            "traceparent":"t","tracestate":"a=b","type":"my.type"}
            """.Replace("\n", ""), received.Body);
        Assert.Equal("bar", received.Headers["cloudevent.foo"]);
        Assert.Equal("my.type", received.Headers["cloudevent.type"]);
    }

    [Theory]
    [InlineData("""{"data":{"a":1}}""", """
        {"data":{"a":1},"pubsubname":"pubsub","source":"Dapr","specversion":"1.0","time":"2026-11-25T07:23:34Z",
        "topic":"e","traceid":"","traceparent":"","tracestate":"","type":"com.dapr.event.sent"}
        """)]
    [InlineData(
        """{"specversion":"1.0","id":"my-id","source":"me","type":"my.type","data":{"a":1},"ext":"x","topic":"other"}""", """
        {"data":{"a":1},"ext":"x","id":"my-id","pubsubname":"pubsub","source":"me","specversion":"1.0",
        "time":"2026-11-25T07:23:34Z","topic":"e","traceid":"","traceparent":"","tracestate":"","type":"my.type"}
        """)]
    public async Task A_cloud_event_passes_with_its_own_attributes(string body, string envelope)
    {
        await _dapr.PublishAsync("pubsub/e?metadata.cloudevent.id=ignored", body, "application/cloudevents+json");

        var received = Assert.Single(await _app.WaitForAsync("/t/e"));
        Assert.Equal(envelope.Replace("\n", ""), received.Body);
    }

    [Theory]
    [InlineData("ttlInSeconds=100", "2026-11-25T07:25:14Z")]
    [InlineData("ttl=5m", "2026-11-25T07:28:34Z")]
    [InlineData("ttlInSeconds=soon", null)]
    public async Task A_time_to_live_becomes_an_expiration_where_the_broker_has_none(string ttl, string? expiration)
    {
        await _dapr.PublishAsync("pubsub/e?metadata." + ttl, "{}");

        var received = Assert.Single(await _app.WaitForAsync("/t/e"));
        if (expiration is null) Assert.DoesNotContain("expiration", received.Body);
        else Assert.Contains($"\"application/json\",\"expiration\":\"{expiration}\",\"id\"", received.Body);
    }

    [Fact]
    public async Task An_expired_event_is_not_delivered()
    {
        await _dapr.PublishAsync(
            "pubsub/e", """{"id":"old","expiration":"2020-01-01T00:00:00Z"}""", "application/cloudevents+json");
        await _dapr.PublishAsync("pubsub/e", "{}");

        Assert.DoesNotContain("old", Assert.Single(await _app.WaitForAsync("/t/e")).Body);
    }
}
