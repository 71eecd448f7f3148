using Microsoft.Extensions.Time.Testing;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.config…</c>, <c>actors.turns</c>, <c>actors.reentrancy-off</c>, <c>actors.idle</c>,
/// <c>actors.app-unhealthy</c> and <c>actors.shutdown</c>.</summary>
public class ActorHostingTests
{
    const string Method = "/actors/Cart/1/method/m";
    const string NoAddress = "failed to lookup actor: api error: code = FailedPrecondition desc = did not find address for actor 'Cart/1'";

    static string Error(string reason) =>
        $$"""{"errorCode":"ERR_ACTOR_INVOKE_METHOD","message":"error invoke actor method: {{reason}}"}""";

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"entities":["Cart"],"actorIdleTimeout":"an hour"}""")]
    [InlineData("""{"entities":["Cart"],"drainOngoingCallTimeout":"soon"}""")]
    [InlineData("""{"entities":["cart"]}""")]
    public async Task With_a_configuration_of_no_use_nobody_is_found_after_five_retries(string config)
    {
        var clock = new FakeTimeProvider();
        await using var actors = await ActorSidecar.StartAsync(config, time: clock);

        var call = actors.SendAsync("PUT", "Cart/1/method/m");
        var start = clock.GetUtcNow();
        await Eventually.Is(() => call.IsCompleted || Advance(clock), "the call has failed");

        Assert.Equal((500, Error(NoAddress)), await call);
        Assert.InRange((clock.GetUtcNow() - start).TotalSeconds, 4.9, 10);
    }

    [Fact]
    public async Task Calls_timers_and_reminders_of_one_actor_take_turns_and_others_do_not_wait()
    {
        var clock = new FakeTimeProvider();
        await using var actors = await ActorSidecar.StartAsync(time: clock);
        var first = new TaskCompletionSource();
        actors.App.On(Method, _ => first.Task);
        var call = actors.SendAsync("PUT", "Cart/1/method/m");
        await actors.App.WaitForAsync(Method, 1);

        await actors.SendAsync("PUT", "Cart/1/timers/t", "{}");
        await actors.SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"0s"}""");
        clock.Advance(TimeSpan.FromSeconds(1));
        var second = actors.SendAsync("PUT", "Cart/1/method/second");
        Assert.Equal(200, (await actors.SendAsync("PUT", "Cart/2/method/m")).Status);
        Assert.Equal(["/dapr/config", Method, "/actors/Cart/2/method/m"], actors.App.Received.Select(r => r.Path));
        first.SetResult();

        Assert.Equal(200, (await call).Status);
        Assert.Equal(200, (await second).Status);
        await actors.App.WaitForAsync("/actors/Cart/1/method/timer/t", 1);
        await actors.App.WaitForAsync("/actors/Cart/1/method/remind/r", 1);
    }

    [Fact]
    public async Task A_call_that_outlasts_the_idle_time_is_cancelled_and_the_next_one_begins_a_new_life()
    {
        var clock = new FakeTimeProvider();
        await using var actors = await ActorSidecar.StartAsync("""{"entities":["Cart"],"actorIdleTimeout":"2s"}""", time: clock);
        var never = new TaskCompletionSource();
        actors.App.On(Method, _ => never.Task);
        var goodbye = new TaskCompletionSource();
        actors.App.On("/actors/Cart/1", _ => goodbye.Task);
        var slow = actors.SendAsync("PUT", "Cart/1/method/m");
        await actors.App.WaitForAsync(Method, 1);
        var waiting = actors.SendAsync("PUT", "Cart/1/method/next");

        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((500, Error("context canceled")), await slow);
        await actors.App.WaitForAsync("/actors/Cart/1", 1);
        Assert.Empty(actors.App.At("/actors/Cart/1/method/next"));
        goodbye.SetResult();
        Assert.Equal(200, (await waiting).Status);
        never.SetResult();
    }

    [Fact]
    public async Task While_the_app_is_unhealthy_calls_wait_and_one_shot_reminders_are_kept()
    {
        var check = new AppHealthCheck("/healthz", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5), 2);
        await using var actors = await ActorSidecar.StartAsync(with: options => options with { AppHealthCheck = check });
        await actors.SendAsync("PUT", "Cart/1/method/m");
        await actors.SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"1s"}""");
        actors.App.On("/healthz", "", 500);
        await Eventually.Is(() => !actors.Sidecar.Inventory.ActorRuntime().HostReady, "the app is found unhealthy");
        Assert.Equal(("INITIALIZING", ""), (actors.Sidecar.Inventory.ActorRuntime().Status, actors.Sidecar.Inventory.ActorRuntime().Placement));

        var call = actors.SendAsync("PUT", "Cart/1/method/again");
        await Task.WhenAny(call, Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        Assert.False(call.IsCompleted);
        Assert.Empty(actors.App.At("/actors/Cart/1/method/remind/r"));
        Assert.Empty(actors.App.At("/actors/Cart/1"));
        actors.App.On("/healthz", "");

        Assert.Equal(200, (await call).Status);
        await actors.App.WaitForAsync("/actors/Cart/1/method/remind/r", 1);
        Assert.Single(actors.App.At("/dapr/config"));
    }

    [Fact]
    public async Task A_graceful_stop_says_goodbye_to_every_actor_and_lets_calls_finish()
    {
        await using var actors = await ActorSidecar.StartAsync();
        var busy = new TaskCompletionSource();
        actors.App.On(Method, _ => busy.Task);
        await actors.SendAsync("PUT", "Cart/2/method/m");
        var call = actors.SendAsync("PUT", "Cart/1/method/m");
        await actors.App.WaitForAsync(Method, 1);

        var stop = actors.Sidecar.StopAsync(TestContext.Current.CancellationToken);
        await actors.App.WaitForAsync("/actors/Cart/2", 1);
        Assert.Empty(actors.App.At("/actors/Cart/1"));
        busy.SetResult();

        Assert.Equal(200, (await call).Status);
        await stop;
        Assert.Single(actors.App.At("/actors/Cart/1"));
    }

    static bool Advance(FakeTimeProvider clock)
    {
        clock.Advance(TimeSpan.FromMilliseconds(100));
        return false;
    }
}
