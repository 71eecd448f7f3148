using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Ticketing.Sidecar.Components;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Invocation;

/// <summary>Against <c>invoke.no-policy</c>; and what the recordings do not show: replicas, access, limits,
/// chaos.</summary>
public class InvocationPolicyTests
{
    static string Error(string reason) => $$"""{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke, id: app2, err: {{reason}}"}""";

    [Fact]
    public async Task Without_a_policy_calls_run_side_by_side_and_failures_are_final()
    {
        await using var apps = await TwoApps.StartAsync();
        var together = new TaskCompletionSource();
        var inside = 0;
        apps.App2.On("/s", async http =>
        {
            if (Interlocked.Increment(ref inside) == 4) together.SetResult();
            await together.Task;
            http.Response.StatusCode = 500;
        });

        var calls = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => apps.AskAsync("GET", "/v1.0/invoke/app2/method/s")));

        Assert.All(calls, call => Assert.Equal((500, ""), call));
        Assert.Equal(4, apps.App2.At("/s").Count);
    }

    [Theory]
    [InlineData("deny"), InlineData("")]
    public async Task An_app_that_allows_nobody_by_default_is_not_called(string action)
    {
        var config = Path.Combine(TestFolder.New("config"), "config.yaml");
        await File.WriteAllTextAsync(config, $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata: { name: c }
            spec: { accessControl: { defaultAction: "{{action}}", trustDomain: public, policies: [{ appId: app, defaultAction: allow }] } }
            """, TestContext.Current.CancellationToken);
        await using var apps = await TwoApps.StartAsync(callee: options => options with { ConfigPaths = [config] });

        Assert.Equal((403, Error("rpc error: code = PermissionDenied desc = access control policy has denied access to id:  operation: a/b verb: GET")),
            await apps.AskAsync("GET", "/v1.0/invoke/app2/method/a/b"));
        Assert.Empty(apps.App2.At("/a/b"));
    }

    [Fact]
    public async Task A_body_over_the_limit_never_reaches_the_app_whole()
    {
        await using var apps = await TwoApps.StartAsync(caller: options => options with { MaxBodyBytes = 1000 });

        using var known = await apps.SendAsync("POST", "/v1.0/invoke/app2/method/s", new ByteArrayContent(new byte[1001]));
        using var unknown = await apps.SendAsync("POST", "/v1.0/invoke/app2/method/s", new StreamContent(new NoLength(new byte[1001])));

        foreach (var answer in new[] { known, unknown })
        {
            var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.Equal((500, "ERR_DIRECT_INVOKE"), ErrorCode.Of(((int)answer.StatusCode, body)));
        }

        Assert.All(apps.App2.At("/s"), r => Assert.True(r.Body.Length <= 1000));
    }

    [Fact]
    public async Task Replicas_take_turns_and_one_that_is_dead_or_unwell_is_left_out()
    {
        var check = new AppHealthCheck("/healthz", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 1);
        await using var host = new SidecarHost(KnownComponents.Registry);
        await using var caller = await TestSidecar.StartAsync("", host: host);
        var replicas = new List<(ScriptedApp App, TestSidecar Sidecar)>();
        for (var i = 0; i < 3; i++)
        {
            var app = await ScriptedApp.StartAsync();
            app.On("/healthz", "");
            app.On("/who", $"{i}");
            var sidecar = await TestSidecar.StartAsync("", options => options with { AppId = "app2", AppPort = app.Port, AppHealthCheck = check }, host);
            replicas.Add((app, sidecar));
            await Eventually.Is(() => sidecar.Sidecar.App.IsHealthy, "the replica is well");
        }

        Assert.Equal(["0", "1", "2"], await AskAsync());
        replicas[1].App.On("/healthz", "", 500);
        await Eventually.Is(() => !replicas[1].Sidecar.Sidecar.App.IsHealthy, "the replica is unwell");
        Assert.Equal(["0", "2"], await AskAsync());
        await replicas[0].Sidecar.Sidecar.KillAsync();
        Assert.Equal(["2"], await AskAsync());

        foreach (var (app, sidecar) in replicas)
        {
            await sidecar.DisposeAsync();
            await app.DisposeAsync();
        }

        async Task<string[]> AskAsync()
        {
            var answers = new List<string>();
            for (var i = 0; i < 9; i++)
                answers.Add(await caller.Http.GetStringAsync("/v1.0/invoke/app2/method/who", TestContext.Current.CancellationToken));
            return [.. answers.Distinct().Order()];
        }
    }

    [Fact]
    public async Task A_sidecar_that_dies_takes_its_answer_along()
    {
        await using var apps = await TwoApps.StartAsync();
        var never = new TaskCompletionSource();
        apps.App2.On("/slow", _ => never.Task);
        var call = apps.AskAsync("GET", "/v1.0/invoke/app2/method/slow");
        await apps.App2.WaitForAsync("/slow", 1);

        await apps.Callee.Sidecar.KillAsync();

        Assert.Equal((500, Error("rpc error: code = Unavailable desc = error reading from server: EOF")), await call);
        Assert.Equal((500, Error("couldn't find service: app2")), await apps.AskAsync("GET", "/v1.0/invoke/app2/method/slow"));
        never.SetResult();
    }

    [Fact]
    public async Task By_plan_some_calls_are_answered_200_and_never_made()
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/s", "done");
        var plan = new ChaosPlan(7, 0, 0, 0, 0, FalseAck: 0.5);

        apps.Caller.Host.Chaos = plan;
        var first = await AskAsync();
        apps.Caller.Host.Chaos = plan with { Seed = 8 };
        var other = await AskAsync();
        apps.Caller.Host.Chaos = plan;
        var again = await AskAsync();

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
        Assert.Equal(first.Concat(other).Concat(again).Count(answer => answer == (200, "done")), apps.App2.At("/s").Count);
        Assert.Contains((200, ""), first);

        async Task<List<(int, string)>> AskAsync()
        {
            var answers = new List<(int, string)>();
            for (var i = 0; i < 20; i++) answers.Add(await apps.AskAsync("POST", "/v1.0/invoke/app2/method/s", "{}"));
            return answers;
        }
    }

    [Fact]
    public async Task Whoever_watches_the_flow_sees_each_call_and_how_it_ended()
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/s", "", 409);

        await apps.AskAsync("POST", "/v1.0/invoke/app2/method/s", "{}");
        await apps.AskAsync("GET", "/v1.0/invoke/a.b.c/method/t");

        var seen = new List<(string, string, string, string, string)>();
        while (apps.Caller.Host.Flow.Steps.TryRead(out var step))
            if (step.Kind == FlowKind.Invoked) seen.Add((step.AppId, step.Topic, step.Type, step.Subject, step.Outcome));
        Assert.Equal([("app", "app2", "POST", "s", "Conflict"), ("app", "a.b.c", "GET", "t", "invalid app id a.b.c")], seen);
    }

    [Fact]
    public async Task The_official_client_calls_another_app_as_if_it_were_the_app()
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/orders/1", async http =>
        {
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync($"\"{http.Request.Method} {http.Request.QueryString}\"");
        });
        using var dapr = new Dapr.Client.DaprClientBuilder().UseHttpEndpoint($"http://127.0.0.1:{apps.Caller.HttpPort}").Build();
        using var http = dapr.CreateInvokableHttpClient("app2");

        using var response = await http.PutAsJsonAsync("/orders/1?now=true", new { Seat = 7 }, TestContext.Current.CancellationToken);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("PUT ?now=true", await response.Content.ReadFromJsonAsync<string>(TestContext.Current.CancellationToken));
        Assert.Equal("""{"seat":7}""", apps.App2.At("/orders/1")[0].Text);
    }

    sealed class NoLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
