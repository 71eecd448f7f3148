using System.Text;
using Microsoft.AspNetCore.Http;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Invocation;

/// <summary>Against <c>invoke.basic</c>, <c>invoke.missing</c>, <c>invoke.mdns</c> and <c>sidecar.no-app</c>.</summary>
public class InvocationTests
{
    static string Error(string app, string reason) =>
        $$"""{"errorCode":"ERR_DIRECT_INVOKE","message":"failed to invoke, id: {{app}}, err: {{reason}}"}""";

    const string Failed = "rpc error: code = Internal desc = error invoking app channel:";

    static readonly (int, string) NoAppId = (404,
        """{"errorCode":"ERR_DIRECT_INVOKE","message":"failed getting app id either from the URL path or the header dapr-app-id"}""");

    [Theory]
    [InlineData("GET"), InlineData("POST"), InlineData("PUT"), InlineData("DELETE"), InlineData("PATCH"), InlineData("OPTIONS")]
    public async Task Any_verb_goes_through_with_query_headers_and_body(string verb)
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/echo", """{"b":"<x>"}""", headers: [("X-Reply", "1"), ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"), ("Cache-Control", "no-store")]);

        using var response = await apps.SendAsync(verb, "/v1.0/invoke/app2/method/echo?x=1&y=a%20b&x=2",
            verb is "GET" or "DELETE" or "OPTIONS" ? null : new StringContent("""{"a":1}""", Encoding.UTF8, "application/json"),
            ("X-Custom", "c"), ("Cookie", "s=1"), ("Authorization", "Bearer t"), ("X-Forwarded-For", "10.0.0.1"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("tracestate", "a=b"),
            ("dapr-caller-app-id", "forged"), ("Connection", "X-Hop"), ("X-Hop", "stays"), ("TE", "trailers"));

        Assert.Equal((200, """{"b":"<x>"}"""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["a=b", "c=d"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal(["1"], response.Headers.GetValues("X-Reply"));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        var got = Assert.Single(apps.App2.At("/echo"));
        Assert.Equal((verb, "?x=1&y=a%20b&x=2"), (got.Method, got.Query));
        Assert.Equal(verb is "GET" or "DELETE" or "OPTIONS" ? "" : """{"a":1}""", got.Text);
        Assert.Equal(("c", "s=1", "Bearer t"), (got.Headers["X-Custom"], got.Headers["Cookie"], got.Headers["Authorization"]));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", got.Headers["traceparent"]);
        Assert.Equal("a=b", got.Headers["tracestate"]);
        Assert.Equal(("app", "app2", "default"), (got.Headers["dapr-caller-app-id"], got.Headers["dapr-callee-app-id"], got.Headers["dapr-caller-namespace"]));
        Assert.Equal("10.0.0.1, 127.0.0.1", got.Headers["X-Forwarded-For"]);
        Assert.Equal(Environment.MachineName, got.Headers["X-Forwarded-Host"]);
        Assert.Equal($"for=127.0.0.1;by=127.0.0.1;host={Environment.MachineName}", got.Headers["Forwarded"]);
        Assert.DoesNotContain(got.Headers.Keys, name => name is "X-Hop" or "TE" or "Connection");
    }

    [Theory]
    [InlineData(200), InlineData(201), InlineData(204), InlineData(302), InlineData(304)]
    [InlineData(400), InlineData(404), InlineData(409), InlineData(500), InlineData(503)]
    public async Task Whatever_the_app_answers_is_the_answer(int status)
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/s", status is 204 or 304 ? "" : "body", status, ("Location", "/elsewhere"));

        using var response = await apps.SendAsync("GET", "/v1.0/invoke/app2/method/s");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("/elsewhere", response.Headers.Location?.ToString());
        Assert.Equal(status is 204 or 304 ? "" : "body", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Single(apps.App2.At("/s"));
    }

    [Theory]
    [InlineData("/v1.0/invoke/app2/method/a%20b/c%2Fd", "/a%20b/c/d")]
    [InlineData("/v1.0/invoke/app2/method/a/../a1", "/a1")]
    [InlineData("/v1.0/invoke/app2/method/../../../etc", "/etc")]
    [InlineData("/v1.0/invoke/app2/method/a//b", "/a/b")]
    [InlineData("/v1.0/invoke/app2/method/a+b", "/a+b")]
    [InlineData("/v1.0/invoke/app2/method/a%C3%A9", "/a%C3%A9")]
    [InlineData("/v1.0/invoke/app2/method/a/", "/a")]
    [InlineData("/v1.0/invoke/app2/method/", "/")]
    [InlineData("//v1.0/invoke/app2/method/a", "/a")]
    [InlineData("/v1.0/invoke/app2.default/method/a", "/a")]
    public async Task The_path_arrives_as_go_would_write_it(string asked, string arrives)
    {
        await using var apps = await TwoApps.StartAsync();

        await apps.AskAsync("GET", asked);

        Assert.Equal(arrives, apps.App2.Received[^1].Path);
    }

    [Theory]
    [InlineData("/echo?x=1", "dapr-app-id", "app2", "/echo")]
    [InlineData("/v1.0/nothing", "dapr-app-id", "app2", "/v1.0/nothing")]
    public async Task The_app_can_be_named_in_a_header(string path, string header, string value, string arrives)
    {
        await using var apps = await TwoApps.StartAsync();

        await apps.AskAsync("GET", path, null, (header, value));

        var got = apps.App2.Received[^1];
        Assert.Equal(arrives, got.Path);
        Assert.False(got.Headers.ContainsKey("dapr-app-id"));
    }

    [Theory]
    [InlineData("GET", "/v1.0/invoke/app2/echo"), InlineData("GET", "/echo"), InlineData("PATCH", "/v1.0/state/store")]
    [InlineData("GET", "/v1.0/invoke/method/x")]
    public async Task Without_an_app_id_there_is_nothing_to_find(string verb, string path)
    {
        await using var apps = await TwoApps.StartAsync();

        Assert.Equal(NoAppId, await apps.AskAsync(verb, path));
    }

    [Fact]
    public async Task Calling_oneself_is_not_introduced()
    {
        await using var apps = await TwoApps.StartAsync();

        Assert.Equal(404, (await apps.AskAsync("GET", "/v1.0/invoke/app/method/local")).Status);
        Assert.DoesNotContain(apps.App.At("/local")[0].Headers.Keys,
            name => name.StartsWith("dapr-", StringComparison.OrdinalIgnoreCase) || name.Contains("Forwarded", StringComparison.OrdinalIgnoreCase));

        await apps.App.DownAsync();
        Assert.Equal((500, "ERR_DIRECT_INVOKE"), ErrorCode.Of(await apps.AskAsync("GET", "/v1.0/invoke/app/method/local")));
    }

    [Fact]
    public async Task An_app_that_is_down_is_an_error_of_its_sidecar()
    {
        await using var apps = await TwoApps.StartAsync();
        await apps.App2.DownAsync();

        Assert.Equal((500, "ERR_DIRECT_INVOKE"),
            ErrorCode.Of(await apps.AskAsync("POST", "/v1.0/invoke/app2/method/echo", "{}")));
    }

    [Fact]
    public async Task The_apps_token_is_its_own_sidecars_whatever_the_caller_sends()
    {
        await using var apps = await TwoApps.StartAsync(
            callee: o => o with { AppApiToken = "of-app2" }, caller: o => o with { ApiToken = "of-callers", AppApiToken = "of-app" });

        Assert.Equal(401, (await apps.AskAsync("GET", "/v1.0/invoke/app2/method/x", null, ("dapr-api-token", "forged"))).Status);
        await apps.AskAsync("GET", "/v1.0/invoke/app2/method/x", null, ("dapr-api-token", "of-callers"));

        Assert.Equal("of-app2", Assert.Single(apps.App2.At("/x")).Headers["dapr-api-token"]);
    }

    [Theory]
    [InlineData("ghost", "couldn't find service: ghost")]
    [InlineData("app2.elsewhere", "couldn't find service: app2")]
    [InlineData("a.b.c", "invalid app id a.b.c")]
    public async Task An_app_that_nobody_knows_is_an_error(string app, string reason)
    {
        await using var apps = await TwoApps.StartAsync();

        Assert.Equal((500, Error(app, reason)), await apps.AskAsync("GET", $"/v1.0/invoke/{app}/method/echo"));
    }

    [Fact]
    public async Task Without_an_app_port_there_is_nobody_to_call()
    {
        await using var apps = await TwoApps.StartAsync(callee: o => o with { AppPort = null }, caller: o => o with { AppPort = null });

        Assert.Equal((500, Error("app", "cannot invoke local endpoint: app channel not initialized")), await apps.AskAsync("GET", "/v1.0/invoke/app/method/x"));
        Assert.Equal((500, Error("app2", "rpc error: code = Internal desc = app channel is not initialized")),
            await apps.AskAsync("GET", "/v1.0/invoke/app2/method/x"));
    }

    [Fact]
    public async Task An_unhealthy_app_is_not_called()
    {
        var check = new AppHealthCheck("/healthz", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), 1);
        await using var apps = await TwoApps.StartAsync(callee: o => o with { AppHealthCheck = check });

        await apps.App2.WaitForAsync("/healthz", 1);
        Assert.Equal((500, Error("app2", $"{Failed} app is not in a healthy state")),
            await apps.AskAsync("GET", "/v1.0/invoke/app2/method/x"));

        apps.App2.On("/healthz", "");
        await Eventually.Is(() => apps.Callee.Sidecar.App.IsHealthy, "the app is healthy");
        Assert.Equal(404, (await apps.AskAsync("GET", "/v1.0/invoke/app2/method/x")).Status);
    }

    [Theory]
    [InlineData("a%23b"), InlineData("a%0Ab")]
    public async Task A_method_that_would_break_the_path_is_refused(string method)
    {
        await using var apps = await TwoApps.StartAsync();

        Assert.Equal((500, "ERR_DIRECT_INVOKE"),
            ErrorCode.Of(await apps.AskAsync("GET", $"/v1.0/invoke/app2/method/{method}")));
    }

    [Fact]
    public async Task Large_bodies_go_through_both_ways_untouched()
    {
        await using var apps = await TwoApps.StartAsync();
        apps.App2.On("/big", http => http.Response.Body.WriteAsync(apps.App2.At("/big")[0].Body).AsTask());
        var body = new byte[2_000_000];
        new Random(1).NextBytes(body);

        using var response = await apps.SendAsync("POST", "/v1.0/invoke/app2/method/big", new ByteArrayContent(body));

        Assert.Equal(body, apps.App2.At("/big")[0].Body);
        Assert.Equal(body, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_answer_arrives_piece_by_piece_while_the_app_still_writes()
    {
        await using var apps = await TwoApps.StartAsync();
        var second = new TaskCompletionSource();
        apps.App2.On("/stream", async http =>
        {
            await http.Response.WriteAsync("first");
            await http.Response.Body.FlushAsync();
            await second.Task;
            await http.Response.WriteAsync("second");
        });

        using var response = await apps.SendAsync("GET", "/v1.0/invoke/app2/method/stream");
        await using var stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[5];
        await stream.ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("first", Encoding.UTF8.GetString(buffer));
        second.SetResult();

        Assert.Equal("second", await new StreamReader(stream).ReadToEndAsync(TestContext.Current.CancellationToken));
    }
}
