using Microsoft.Extensions.Time.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.timers</c>, <c>actors.timers-failing</c> and <c>actors.timers-idle</c>.</summary>
public class ActorTimerTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    const string Created = "error creating actor timer: ";

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("""{"dueTime":"500ms"}""", 500)]
    [InlineData("""{"dueTime":"PT1S"}""", 1000)]
    [InlineData("""{"dueTime":"2026-01-01T00:00:01Z"}""", 1000)]
    [InlineData("""{"dueTime":"2020-01-01T00:00:00Z"}""", 0)]
    [InlineData("""{"dueTime":"","period":"","ttl":""}""", 0)]
    [InlineData("""{"dueTime":"500ms","period":"R3/PT1S"}""", 500, 1500, 2500)]
    [InlineData("""{"dueTime":"0h0m1s0ms","period":"0h0m1s500ms","ttl":"0h0m4s0ms"}""", 1000, 2500, 4000)]
    [InlineData("""{"dueTime":"1s","period":"1s","ttl":"2500ms"}""", 1000, 2000, 3000)]
    [InlineData("""{"period":"1s","ttl":"2s"}""", 0, 1000)]
    [InlineData("""{"dueTime":"500ms","period":"1s","ttl":"2026-01-01T00:00:01.2Z"}""", 500)]
    public async Task A_timer_fires_when_it_should_and_then_no_more(string body, params int[] moments)
    {
        await using var actors = await ActorSidecar.StartAsync(time: new FakeTimeProvider(Start));

        Assert.Equal((204, ""), await actors.SendAsync("POST", "Cart/1/timers/t", body));

        await actors.ExpectAsync("/actors/Cart/1/method/timer/t", moments);
    }

    [Theory]
    [InlineData("""{"dueTime":"soon"}""", "error parsing timer due time: unsupported time/duration format: soon")]
    [InlineData("""{"period":"R0/PT1S"}""", "invalid timer period: has zero repetitions")]
    [InlineData("""{"period":"often"}""", "invalid timer period: parse error: unsupported duration format: often")]
    [InlineData("""{"ttl":"later"}""", "error parsing timer TTL: unsupported time/duration format: later")]
    [InlineData("""{"dueTime":"1s","ttl":"2020-01-01T00:00:00Z"}""",
        "timer Cart||1||t has already expired: dueTime: 2026-01-01T00:00:01Z TTL: 2020-01-01T00:00:00Z")]
    [InlineData("""{"dueTime":"-1s","ttl":"-1s"}""",
        "timer Cart||1||t has already expired: dueTime: 2025-12-31T23:59:59Z TTL: -1s")]
    public async Task Times_that_make_no_sense_are_refused_in_daprds_words(string body, string reason)
    {
        await using var actors = await ActorSidecar.StartAsync(time: new FakeTimeProvider(Start));

        var answer = await actors.SendAsync("POST", "Cart/1/timers/t", body);

        Assert.Equal((500, $$"""{"errorCode":"ERR_ACTOR_TIMER_CREATE","message":"{{Created}}{{reason}}"}"""), answer);
    }

    [Theory]
    [InlineData("Nobody/1/timers/t", "{}", 500, "ERR_ACTOR_TIMER_CREATE")]
    [InlineData("Cart/1/timers/t", null, 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("Cart/1/timers/t", "{", 400, "ERR_MALFORMED_REQUEST")]
    public async Task A_timer_for_nobody_or_without_a_body_is_refused(string path, string? body, int status, string code)
    {
        await using var actors = await ActorSidecar.StartAsync();

        Assert.Equal((status, code), ErrorCode.Of(await actors.SendAsync("POST", path, body)));
    }

    [Theory]
    [InlineData("""{"dueTime":"0s","data":{"b":1, "a":"<x>"},"callback":"OnTick"}""",
        """{"data":{"b":1,"a":"<x>"},"callback":"OnTick","dueTime":"0s","period":""}""")]
    [InlineData("""{"data":"dGV4dA=="}""", """{"data":"dGV4dA==","callback":"","dueTime":"","period":""}""")]
    [InlineData("""{"period":"PT2S","data":null}""", """{"data":null,"callback":"","dueTime":"","period":"PT2S"}""")]
    public async Task The_app_is_told_what_the_timer_was_set_with(string body, string told)
    {
        await using var actors = await ActorSidecar.StartAsync();

        await actors.SendAsync("PUT", "Cart/1/timers/t", body);

        var got = (await actors.App.WaitForAsync("/actors/Cart/1/method/timer/t", 1))[0];
        Assert.Equal(("PUT", told, "application/json"), (got.Method, got.Text, got.Headers["Content-Type"]));
        Assert.False(got.Headers.ContainsKey("dapr-caller-app-id"));
    }

    [Fact]
    public async Task The_same_name_again_replaces_the_timer_and_a_removed_one_is_silent()
    {
        await using var actors = await ActorSidecar.StartAsync(time: new FakeTimeProvider(Start));

        await actors.SendAsync("POST", "Cart/1/timers/again", """{"dueTime":"1s","data":1}""");
        await actors.SendAsync("PUT", "Cart/1/timers/again", """{"dueTime":"2s","data":2}""");
        await actors.SendAsync("PUT", "Cart/1/timers/gone", """{"dueTime":"1s"}""");
        Assert.Equal((204, ""), await actors.SendAsync("DELETE", "Cart/1/timers/gone"));
        Assert.Equal((204, ""), await actors.SendAsync("DELETE", "Cart/1/timers/never-there"));
        Assert.Equal(404, (await actors.SendAsync("GET", "Cart/1/timers/again")).Status);

        await actors.ExpectAsync("/actors/Cart/1/method/timer/again", 2000);
        Assert.Contains("\"data\":2", actors.App.At("/actors/Cart/1/method/timer/again")[0].Text, StringComparison.Ordinal);
        Assert.Empty(actors.App.At("/actors/Cart/1/method/timer/gone"));
    }

    [Fact]
    public async Task A_failing_callback_uses_its_tick_up()
    {
        await using var actors = await ActorSidecar.StartAsync(time: new FakeTimeProvider(Start));
        actors.App.On("/actors/Cart/1/method/timer/once", "", 500);
        actors.App.On("/actors/Cart/1/method/timer/each", "", 404);

        await actors.SendAsync("POST", "Cart/1/timers/once", """{"dueTime":"1s"}""");
        await actors.SendAsync("POST", "Cart/1/timers/each", """{"dueTime":"1s","period":"R2/PT1S"}""");

        await actors.ExpectAsync("/actors/Cart/1/method/timer/each", 1000, 2000);
        Assert.Single(actors.App.At("/actors/Cart/1/method/timer/once"));
    }

    [Fact]
    public async Task Ticks_missed_by_a_slow_callback_come_in_a_row_one_at_a_time()
    {
        var clock = new FakeTimeProvider(Start);
        await using var actors = await ActorSidecar.StartAsync(time: clock);
        var answer = new TaskCompletionSource();
        actors.App.On("/actors/Cart/1/method/timer/t", _ => answer.Task);

        await actors.SendAsync("POST", "Cart/1/timers/t", """{"period":"R6/PT1S"}""");
        clock.Advance(TimeSpan.FromSeconds(3.5));
        await actors.App.WaitForAsync("/actors/Cart/1/method/timer/t", 1);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(actors.App.At("/actors/Cart/1/method/timer/t"));
        answer.SetResult();

        // Those due at 1, 2, 3 and 4 s come now, that of 5 s in its time.
        await actors.WaitForAsync("/actors/Cart/1/method/timer/t", 5);
        Assert.Equal(5, actors.App.At("/actors/Cart/1/method/timer/t").Count);
        clock.Advance(TimeSpan.FromMilliseconds(500));
        await actors.WaitForAsync("/actors/Cart/1/method/timer/t", 6);
    }

    [Fact]
    public async Task A_timer_outlives_its_actor_and_wakes_it_again()
    {
        var clock = new FakeTimeProvider(Start);
        await using var actors = await ActorSidecar.StartAsync(config: """{"entities":["Cart"],"actorIdleTimeout":"2s"}""", time: clock);

        await actors.SendAsync("POST", "Cart/1/timers/late", """{"dueTime":"5s"}""");
        await actors.SendAsync("PUT", "Cart/1/method/m");
        clock.Advance(TimeSpan.FromSeconds(2));
        await actors.App.WaitForAsync("/actors/Cart/1", 1);
        clock.Advance(TimeSpan.FromSeconds(3));
        await actors.App.WaitForAsync("/actors/Cart/1/method/timer/late", 1);
        clock.Advance(TimeSpan.FromSeconds(2));

        await actors.App.WaitForAsync("/actors/Cart/1", 2);
    }
}
