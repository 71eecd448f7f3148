using System.Net;
using System.Net.Http.Headers;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Ticketing.Common;
using Ticketing.Testing;

namespace Ticketing.Hosting.Tests;

public class BulkStateReadsTests
{
    static readonly BulkStateItem Found = new() { Key = "a", Etag = "1", Data = ByteString.CopyFromUtf8("{}") };

    [Fact]
    public async Task An_item_without_data_is_absent()
    {
        var found = await Read(Found, new() { Key = "b" });
        Assert.Equal(["a"], found.Keys);
        Assert.Equal("1", found["a"].ETag);
    }

    [Fact]
    public async Task An_item_that_failed_is_an_error_and_not_absent() =>
        await Assert.ThrowsAsync<SidecarException>(() => Read(Found, new() { Key = "b", Error = "out of memory" }));

    [Fact]
    public async Task An_item_that_is_not_in_the_reply_is_an_error_and_not_absent() =>
        await Assert.ThrowsAsync<SidecarException>(() => Read(Found));

    static async Task<IReadOnlyDictionary<string, Stored>> Read(params BulkStateItem[] items)
    {
        using var sidecar = new OtherAppsStub(_ => Reply(new GetBulkStateResponse { Items = { items } }));
        using var reads = new BulkStateReads(new ConfigurationBuilder().Build(), sidecar);
        return await reads.Read("statestore", ["a", "b"], TestContext.Current.CancellationToken);
    }

    // A gRPC message: a byte that says "not compressed", its length, itself.
    static HttpResponseMessage Reply(GetBulkStateResponse response)
    {
        var message = response.ToByteArray();
        var content = new ByteArrayContent([0, 0, 0, (byte)(message.Length >> 8), (byte)message.Length, .. message]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var reply = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = content };
        reply.TrailingHeaders.Add("grpc-status", "0");
        return reply;
    }
}
