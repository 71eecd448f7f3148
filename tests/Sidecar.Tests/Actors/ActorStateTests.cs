using Ticketing.Sidecar.State;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.state-memory</c>, <c>actors.state-ttl</c> and <c>actors.no-store</c>.</summary>
public class ActorStateTests
{
    const string K = "Cart/1/state/k";

    static string Error(string reason) =>
        $$"""{"errorCode":"ERR_ACTOR_STATE_TRANSACTION_SAVE","message":"error saving actor transaction state: {{reason}}"}""";

    static Task<(int, string)> SaveAsync(ActorSidecar actors, string body) => actors.SendAsync("PUT", "Cart/1/state", body);

    static async Task<ActorSidecar> StartActiveAsync(string extra = "")
    {
        var actors = await ActorSidecar.StartAsync(
            yaml: Yaml.Component("store", "state.in-memory", ("actorStateStore", "true"), ("keyPrefix", "none")) + extra);
        await actors.SendAsync("PUT", "Cart/1/method/m");
        return actors;
    }

    [Fact]
    public async Task Values_come_back_as_go_writes_them_and_deleted_ones_are_absent()
    {
        await using var actors = await StartActiveAsync();

        Assert.Equal((204, ""), await SaveAsync(actors, """
            [{"operation":"upsert","request":{"key":"k","value":{"b":"<x>","a":12345678901234567890}}},
             {"operation":"upsert","request":{"key":"l","value":"text"}}]
            """));
        Assert.Equal((200, """{"a":12345678901234567000,"b":"\u003cx\u003e"}"""), await actors.SendAsync("GET", K));
        Assert.Equal((204, ""), await SaveAsync(actors, """[{"operation":"delete","request":{"key":"l"}},{"operation":"upsert","request":{"key":"k"}}]"""));

        Assert.Equal((200, "null"), await actors.SendAsync("GET", K));
        Assert.Equal((204, ""), await actors.SendAsync("GET", "Cart/1/state/l"));
        Assert.Equal((204, ""), await actors.SendAsync("GET", "Nobody/1/state/k"));
        Assert.Equal((204, ""), await SaveAsync(actors, "[]"));
    }

    [Fact]
    public async Task Keys_are_those_of_the_app_type_and_actor_whatever_the_stores_prefix()
    {
        await using var actors = await StartActiveAsync();
        await SaveAsync(actors, """[{"operation":"upsert","request":{"key":"k","value":1}}]""");

        var store = (IStateStore)actors.Sidecar.Components.StateStores["store"].Instance;

        Assert.NotNull(await store.GetAsync("app||Cart||1||k", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_actor_that_is_not_active_here_can_be_read_but_not_written()
    {
        await using var actors = await ActorSidecar.StartAsync();

        Assert.Equal((204, ""), await actors.SendAsync("GET", K));
        Assert.Equal((400, """{"errorCode":"ERR_ACTOR_INSTANCE_MISSING","message":"actor instance is missing"}"""),
            await SaveAsync(actors, """[{"operation":"upsert","request":{"key":"k","value":1}}]"""));
    }

    [Theory]
    [InlineData("""[{"operation":"read","request":{"key":"k"}}]""", "operation type read not supported")]
    [InlineData("""[{"operation":"upsert","request":{"key":"","value":1}}]""", "missing key")]
    [InlineData("""[{"operation":"delete","request":{}}]""", "missing key")]
    [InlineData("""[{"operation":"upsert"}]""", "request data is empty")]
    [InlineData("""[{"request":{"key":"k"}}]""", "operation is empty")]
    [InlineData("""[{"operation":"upsert","request":{"key":"k","value":1,"metadata":{"ttlInSeconds":"9"}}}]""",
        """ttlInSeconds is not supported without the \"ActorStateTTL\" feature enabled""")]
    public async Task A_write_that_makes_no_sense_fails_with_all_the_others(string body, string reason)
    {
        await using var actors = await StartActiveAsync();
        var all = """[{"operation":"upsert","request":{"key":"first","value":1}},""" + body[1..];

        Assert.Equal((500, Error(reason)), await SaveAsync(actors, all));

        Assert.Equal(204, (await actors.SendAsync("GET", "Cart/1/state/first")).Status);
    }

    [Fact]
    public async Task An_etag_that_does_not_match_fails_all_writes()
    {
        await using var actors = await StartActiveAsync();
        await SaveAsync(actors, """[{"operation":"upsert","request":{"key":"k","value":1}}]""");

        var (status, body) = await SaveAsync(actors, """
            [{"operation":"upsert","request":{"key":"x","value":1}},{"operation":"upsert","request":{"key":"k","value":2,"etag":"old"}}]
            """);

        Assert.Equal(500, status);
        Assert.StartsWith(Error("possible etag mismatch. error from state store")[..^2], body, StringComparison.Ordinal);
        Assert.Equal((204, ""), await actors.SendAsync("GET", "Cart/1/state/x"));
        Assert.Equal((200, "1"), await actors.SendAsync("GET", K));
    }

    [Theory]
    [InlineData("{", "unexpected EOF")]
    [InlineData("", "EOF")]
    [InlineData("{}", "json: cannot unmarshal object into Go value of type []api.TransactionalOperation")]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string reason)
    {
        await using var actors = await StartActiveAsync();

        Assert.Equal((400, $$"""{"errorCode":"ERR_MALFORMED_REQUEST","message":"failed deserializing HTTP body: {{reason}}"}"""),
            await SaveAsync(actors, body));
    }

    [Fact]
    public async Task With_the_feature_on_state_expires_and_says_when()
    {
        var config = Path.Combine(TestFolder.New("config"), "config.yaml");
        await File.WriteAllTextAsync(config, """
            apiVersion: dapr.io/v1alpha1
            kind: Configuration
            metadata: { name: c }
            spec: { features: [{ name: ActorStateTTL, enabled: true }] }
            """, TestContext.Current.CancellationToken);
        await using var actors = await ActorSidecar.StartAsync(with: options => options with { ConfigPaths = [config] });
        await actors.SendAsync("PUT", "Cart/1/method/m");
        Assert.Equal((204, ""), await SaveAsync(actors, """[{"operation":"upsert","request":{"key":"k","value":1,"metadata":{"ttlInSeconds":"100"}}}]"""));

        using var response = await actors.RequestAsync("GET", K);

        Assert.EndsWith("Z", response.Headers.GetValues("metadata.ttlExpireTime").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_store_for_actors_nobody_hosts_and_nothing_is_kept()
    {
        await using var actors = await ActorSidecar.StartAsync(yaml: Yaml.Component("store", "state.in-memory"));

        const string message = "the state store is not configured to use the actor runtime. "
            + """Have you set the - name: actorStateStore value: \"true\" in your state store component file?""";
        Assert.Equal((500, $$"""{"errorCode":"ERR_ACTOR_RUNTIME_NOT_FOUND","message":"{{message}}"}"""), await actors.SendAsync("GET", K));
        Assert.Equal(403, (await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"1s"}""")).Status);
        Assert.Equal([("Cart", 0)], actors.Sidecar.Inventory.Actors());
    }

    [Fact]
    public async Task Without_placement_there_are_no_actors()
    {
        await using var app = await ScriptedApp.StartAsync();
        await using var sidecar = await TestSidecar.StartAsync("", options => options with { AppPort = app.Port, HasPlacement = false });

        using var response = await sidecar.Http.PutAsync("/v1.0/actors/Cart/1/method/m", null, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("""{"errorCode":"ERR_ACTOR_NO_PLACEMENT","message":"placement service is not configured"}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
