namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.no-store</c>.</summary>
public class ActorRequirementTests
{
    [Fact]
    public async Task Without_a_store_for_actors_nobody_hosts()
    {
        await using var actors = await ActorSidecar.StartAsync(yaml: Yaml.Component("store", "state.in-memory"));

        Assert.Equal(403, (await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"1s"}""")).Status);
        Assert.Equal([("Cart", 0)], actors.Sidecar.Inventory.Actors());
    }

    [Fact]
    public async Task An_app_that_asks_for_reentrancy_hosts_nothing()
    {
        await using var actors = await ActorSidecar.StartAsync("""{"entities":["Cart"],"reentrancy":{"enabled":true}}""");

        Assert.Empty(actors.Sidecar.Inventory.Actors());
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
