using System.Net;
using Dapr;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.Tests.Core;

/// <summary>What belongs to no building block: health, metadata, tokens.</summary>
public sealed class SidecarTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    static readonly string Store = Yaml.Component("store", "state.in-memory");

    [Fact]
    public async Task Health_waits_for_the_apps_port_but_outbound_health_does_not()
    {
        await using var app = await ScriptedApp.StartAsync();
        await app.DownAsync();
        await using var dapr = await TestSidecar.StartAsync(Store, options => options with { AppPort = app.Port });

        Assert.Equal((500, """{"errorCode":"ERR_HEALTH_NOT_READY","message":"dapr is not ready: [runtime]"}"""), await GetAsync(dapr, "/v1.0/healthz"));
        Assert.Equal((204, ""), await GetAsync(dapr, "/v1.0/healthz/outbound"));

        await app.UpAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await GetAsync(dapr, "/v1.0/healthz")).Status != 204) deadline.Token.ThrowIfCancellationRequested();
        Assert.Single(app.At("/dapr/config"));
    }

    [Fact]
    public async Task Health_without_an_app_is_there_at_once()
    {
        await using var dapr = await TestSidecar.StartAsync(Store);

        Assert.Equal(204, (await GetAsync(dapr, "/v1.0/healthz?appid=app")).Status);
        Assert.Equal((500, """{"errorCode":"ERR_HEALTH_APPID_NOT_MATCH","message":"dapr app-id does not match"}"""), await GetAsync(dapr, "/v1.0/healthz?appid=x"));
    }

    [Fact]
    public async Task Metadata_is_what_daprd_tells_and_what_the_app_adds()
    {
        await using var dapr = await TestSidecar.StartAsync(Store, options => options with { HasPlacement = false });
        using var note = new StringContent("value");
        using var put = await dapr.Http.PutAsync("/v1.0/metadata/mine", note, Ct);

        Assert.Equal(HttpStatusCode.NoContent, put.StatusCode);
        Assert.Equal((200, """{"id":"app","runtimeVersion":"1.18.3","enabledFeatures":["HotReload","WorkflowsRemoteActivityReminder"],"components":[{"name":"store","type":"state.in-memory","version":"v1","capabilities":["ETAG","TRANSACTIONAL","TTL","DELETE_WITH_PREFIX","KEYS_LIKE","ACTOR"]}],"extended":{"daprRuntimeVersion":"1.18.3","mine":"value"},"appConnectionProperties":{"protocol":"http","channelAddress":"127.0.0.1"},"actorRuntime":{"runtimeStatus":"DISABLED","hostReady":false,"placement":"placement: disconnected"}}""" + "\n"),
            await GetAsync(dapr, "/v1.0/metadata"));
    }

    [Fact]
    public async Task The_client_reads_and_writes_metadata()
    {
        await using var dapr = await TestSidecar.StartAsync(Store);
        using var client = dapr.Client();

        await client.SetMetadataAsync("mine", "value", Ct);
        var metadata = await client.GetMetadataAsync(Ct);

        Assert.Equal("app", metadata.Id);
        Assert.Equal("value", metadata.Extended["mine"]);
        Assert.Equal(["store"], metadata.Components.Select(component => component.Name));
        Assert.True(await client.CheckHealthAsync(Ct));
    }

    [Fact]
    public async Task Without_the_token_nothing_answers_but_health()
    {
        await using var dapr = await TestSidecar.StartAsync(Store, options => options with { ApiToken = "secret" });

        Assert.Equal((401, "invalid api token\n"), await GetAsync(dapr, "/v1.0/metadata"));
        Assert.Equal((401, "invalid api token\n"), await GetAsync(dapr, "/none"));
        Assert.Equal(204, (await GetAsync(dapr, "/v1.0/healthz")).Status);
        dapr.Http.DefaultRequestHeaders.Add("dapr-api-token", "secret");
        Assert.Equal(200, (await GetAsync(dapr, "/v1.0/metadata")).Status);
    }

    [Fact]
    public async Task The_token_counts_over_grpc_too()
    {
        await using var dapr = await TestSidecar.StartAsync(Store, options => options with { ApiToken = "secret" });
        using var stranger = dapr.Client();
        using var friend = dapr.Client("secret");

        var error = await Assert.ThrowsAsync<DaprException>(
            () => stranger.GetStateAsync<int>("store", "k", cancellationToken: Ct));
        Assert.Equal(Grpc.Core.StatusCode.Unauthenticated,
            Assert.IsType<Grpc.Core.RpcException>(error.InnerException).StatusCode);
        Assert.Equal(0, await friend.GetStateAsync<int>("store", "k", cancellationToken: Ct));
    }

    [Fact]
    public async Task A_trace_that_came_in_goes_out_unchanged_and_none_is_zeros()
    {
        await using var dapr = await TestSidecar.StartAsync(Store);
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var traced = new HttpRequestMessage(HttpMethod.Get, "/v1.0/state/store/k");
        traced.Headers.Add("traceparent", trace);

        using var with = await dapr.Http.SendAsync(traced, Ct);
        using var without = await dapr.Http.GetAsync("/v1.0/state/store/k", Ct);

        Assert.Equal(trace, with.Headers.GetValues("traceparent").Single());
        Assert.Equal("00-00000000000000000000000000000000-0000000000000000-00",
            without.Headers.GetValues("traceparent").Single());
    }

    [Fact]
    public async Task Replicas_of_one_app_are_found_together_and_leave_one_by_one()
    {
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var first = await TestSidecar.StartAsync(Store, host: host);
        await using var second = await TestSidecar.StartAsync(Store, host: host);
        await using var other = await TestSidecar.StartAsync(Store, options => options with { AppId = "other" }, host);

        Assert.Equal([first.Sidecar, second.Sidecar], host.Find("app"));
        await first.Sidecar.KillAsync();
        Assert.Equal([second.Sidecar], host.Find("app"));
    }

    static async Task<(int Status, string Body)> GetAsync(TestSidecar dapr, string path)
    {
        using var response = await dapr.Http.GetAsync(path, Ct);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }
}
