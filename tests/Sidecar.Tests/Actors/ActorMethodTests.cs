namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.invoke</c>, <c>actors.ids</c> and <c>actors.app-restarts</c> of the real runtime.</summary>
public class ActorMethodTests
{
    static string Error(string reason) =>
        $$"""{"errorCode":"ERR_ACTOR_INVOKE_METHOD","message":"error invoke actor method: {{reason}}"}""";

    [Theory]
    [InlineData("PUT"), InlineData("POST"), InlineData("GET"), InlineData("DELETE")]
    public async Task Any_verb_reaches_the_app_as_put_with_query_headers_and_body(string verb)
    {
        await using var actors = await ActorSidecar.StartAsync();
        actors.App.On("/actors/Cart/1/method/echo", "echo", headers: ("x-mine", "1"));

        using var response = await actors.RequestAsync(verb, "Cart/1/method/echo?x=1&y=%20", "hello", ("X-Custom", "c"), ("dapr-caller-app-id", "forged"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("echo", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["1"], response.Headers.GetValues("x-mine"));
        var got = Assert.Single(actors.App.At("/actors/Cart/1/method/echo"));
        Assert.Equal(("PUT", "?x=1&y=%20", "hello"), (got.Method, got.Query, got.Text));
        Assert.Equal("c", got.Headers["X-Custom"]);
        Assert.Equal("true", got.Headers["dapr-api-call"]);
        Assert.Equal("app", got.Headers["dapr-caller-app-id"]);
        Assert.Equal("default", got.Headers["dapr-caller-namespace"]);
        Assert.Equal("application/json", got.Headers["Content-Type"]);
        Assert.False(got.Headers.ContainsKey("Dapr-Reentrancy-Id"));
    }

    [Theory]
    [InlineData(201, """{"from":1}""", "error from actor service: (201) {\\\"from\\\":1}")]
    [InlineData(204, "", "error from actor service: (204) ")]
    [InlineData(302, "x", "error from actor service: (302) x")]
    [InlineData(400, "x", "error from actor service: (400) x")]
    [InlineData(404, "x", "actor method not found: actors/Cart/1/method/m")]
    [InlineData(500, "<fault/>", "error from actor service: (500) <fault/>")]
    [InlineData(503, "x", "error from actor service: (503) x")]
    public async Task Only_200_is_a_success(int status, string body, string reason)
    {
        await using var actors = await ActorSidecar.StartAsync();
        actors.App.On("/actors/Cart/1/method/m", body, status);

        var answer = await actors.SendAsync("PUT", "Cart/1/method/m");

        Assert.Equal((500, Error(reason)), answer);
    }

    [Fact]
    public async Task The_sdks_fault_passes_through_with_status_header_and_body()
    {
        await using var actors = await ActorSidecar.StartAsync();
        actors.App.On("/actors/Cart/1/method/m", "<fault/>", headers: ("X-DaprErrorResponseHeader", "fault"));

        using var response = await actors.RequestAsync("PUT", "Cart/1/method/m", null, ("X-DaprRequestHeader", "<x/>"));

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(["fault"], response.Headers.GetValues("X-DaprErrorResponseHeader"));
        Assert.Equal("<fault/>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("<x/>", actors.App.At("/actors/Cart/1/method/m")[0].Headers["X-DaprRequestHeader"]);
    }

    [Theory]
    [InlineData("a%20b", "a%20b")]
    [InlineData("%C3%A9", "%C3%A9")]
    [InlineData("a:b@c", "a:b@c")]
    [InlineData("a%7C%7Cb", "a%7C%7Cb")]
    [InlineData("a+b", "a%20b")]
    public async Task An_id_arrives_escaped(string id, string arrives)
    {
        await using var actors = await ActorSidecar.StartAsync();

        Assert.Equal(200, (await actors.SendAsync("PUT", $"Cart/{id}/method/m")).Status);

        Assert.Single(actors.App.At($"/actors/Cart/{arrives}/method/m"));
    }

    [Theory]
    [InlineData("a%2Fb"), InlineData("a%23b"), InlineData("a%3Fb"), InlineData("a%5Cb"), InlineData("a%0Ab")]
    public async Task An_id_that_would_break_the_path_is_refused(string id)
    {
        await using var actors = await ActorSidecar.StartAsync();

        var answer = await actors.SendAsync("PUT", $"Cart/{id}/method/m");

        Assert.Equal((400, "ERR_BAD_REQUEST"), ErrorCode.Of(answer));
    }

    [Fact]
    public async Task A_lone_per_cent_sign_is_an_error()
    {
        await using var actors = await ActorSidecar.StartAsync();

        var answer = await actors.SendAsync("PUT", "Cart/a%25b/method/m");

        Assert.Equal((500, "ERR_ACTOR_INVOKE_METHOD"), ErrorCode.Of(answer));
    }

    [Fact]
    public async Task A_slash_in_a_method_has_to_be_escaped()
    {
        await using var actors = await ActorSidecar.StartAsync();

        Assert.Equal(200, (await actors.SendAsync("PUT", "Cart/1/method/a%2Fb")).Status);
        Assert.Equal(404, (await actors.SendAsync("PUT", "Cart/1/method/a/b")).Status);
        Assert.Equal(404, (await actors.SendAsync("PUT", "Cart/1/method/")).Status);
        Assert.Equal(404, (await actors.SendAsync("PATCH", "Cart/1/method/m")).Status);

        Assert.Single(actors.App.At("/actors/Cart/1/method/a/b"));
    }

    [Fact]
    public async Task An_app_that_is_down_is_an_error_and_back_at_once_when_it_is_up()
    {
        await using var actors = await ActorSidecar.StartAsync();
        await actors.App.DownAsync();

        Assert.Equal((500, "ERR_ACTOR_INVOKE_METHOD"), ErrorCode.Of(await actors.SendAsync("PUT", "Cart/1/method/m")));

        await actors.App.UpAsync();
        Assert.Equal(200, (await actors.SendAsync("PUT", "Cart/1/method/m")).Status);
        Assert.Single(actors.App.At("/dapr/config"));
    }
}
