using Microsoft.Extensions.Time.Testing;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Actors;

/// <summary>Against <c>actors.reminders</c>, <c>actors.reminders-failing</c> and <c>actors.reminders-idle</c>.</summary>
public class ReminderTests
{
    static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    const string Path = "/actors/Cart/1/method/remind/r";
    const string Invalid = "rpc error: code = Unknown desc = job failed validation: ";

    static Task<ActorSidecar> StartAsync(string config = """{"entities":["Cart"]}""") =>
        ActorSidecar.StartAsync(config, time: new FakeTimeProvider(Start));

    [Theory]
    [InlineData("""{"dueTime":"1s"}""", 1000)]
    [InlineData("""{"dueTime":"0s"}""", 0)]
    [InlineData("""{"dueTime":"0h0m1s0ms","period":"","data":""}""", 1000)]
    [InlineData("""{"period":"R2/PT1S"}""", 1000, 2000)]                     // a timer would fire at once
    [InlineData("""{"dueTime":"0s","period":"R3/PT1S"}""", 0, 1000, 2000)]
    [InlineData("""{"dueTime":"1s","period":"1s","ttl":"2500ms"}""", 1000, 2000, 3000)]
    [InlineData("""{"dueTime":"1s","period":"R0/PT1S","ttl":"2026-01-01T00:00:02Z"}""", 1000, 2000)]
    [InlineData("""{"dueTime":"2026-01-01T00:00:01.5Z"}""", 1500)]
    [InlineData("""{"dueTime":"2020-01-01T00:00:00Z"}""", 0)]
    [InlineData("""{"period":"1m","ttl":"1s"}""")]
    public async Task A_reminder_fires_when_it_should_and_is_gone_afterwards(string body, params int[] moments)
    {
        await using var actors = await StartAsync();

        Assert.Equal((204, ""), await actors.SendAsync("POST", "Cart/1/reminders/r", body));

        await actors.ExpectAsync(Path, moments);
        Assert.Equal(404, (await actors.SendAsync("GET", "Cart/1/reminders/r")).Status);
    }

    [Theory]
    [InlineData("{}", Invalid + "job must have either a due time or a schedule")]
    [InlineData("""{"dueTime":"soon"}""", Invalid + "due time format not recognized")]
    [InlineData("""{"dueTime":"R2/PT1S"}""", Invalid + "due time format not recognized")]
    [InlineData("""{"period":"P1D"}""", "unsupported period format: P1D")]
    [InlineData("""{"period":"often"}""", "unsupported period format: often")]
    [InlineData("""{"dueTime":"1s","ttl":"5s"}""", Invalid + "job must have a schedule to have a ttl")]
    [InlineData("""{"dueTime":"1s","period":"1s","ttl":"x"}""", Invalid + "ttl format not recognized")]
    [InlineData("""{"dueTime":"1h","period":"1s","ttl":"2026-01-01T00:00:01Z"}""", Invalid + "ttl must be greater than due time")]
    public async Task Times_that_make_no_sense_are_refused_and_nothing_is_kept(string body, string reason)
    {
        await using var actors = await StartAsync();

        var answer = await actors.SendAsync("POST", "Cart/1/reminders/r", body);

        Assert.Equal((500, $$"""{"errorCode":"ERR_ACTOR_REMINDER_CREATE","message":"error creating actor reminder: {{reason}}"}"""), answer);
        Assert.Equal((404, """{"errorCode":"ERR_ACTOR_REMINDER_NOT_FOUND","message":"actor reminder not found: r"}"""),
            await actors.SendAsync("GET", "Cart/1/reminders/r"));
    }

    [Theory]
    [InlineData("POST", "Nobody/1/reminders/r", """{"dueTime":"1s"}""", 403, "ERR_ACTOR_REMINDER_NON_HOSTED")]
    [InlineData("GET", "Nobody/1/reminders/r", null, 403, "ERR_ACTOR_REMINDER_NON_HOSTED")]
    [InlineData("DELETE", "Nobody/1/reminders/r", null, 403, "ERR_ACTOR_REMINDER_NON_HOSTED")]
    [InlineData("POST", "Cart/1/reminders/r", null, 400, "ERR_MALFORMED_REQUEST")]
    [InlineData("POST", "Cart/1/reminders/r", "{", 400, "ERR_MALFORMED_REQUEST")]
    public async Task A_reminder_for_nobody_or_without_a_body_is_refused(
        string verb, string path, string? body, int status, string code)
    {
        await using var actors = await StartAsync();

        var answer = await actors.SendAsync(verb, path, body);

        Assert.Equal((status, code), ErrorCode.Of(answer));
    }

    [Theory]
    [InlineData("""{"dueTime":"1s"}""", """{"actorID":"1","actorType":"Cart","dueTime":"1s"}""")]
    [InlineData("""{"period":"1s"}""", """{"actorID":"1","actorType":"Cart","period":"@every 1s"}""")]
    [InlineData("""{"dueTime":"0h0m1s0ms","period":"0h15m0s0ms","data":"cmQ="}""",
        """{"actorID":"1","actorType":"Cart","data":"cmQ=","dueTime":"0h0m1s0ms","period":"@every 15m0s"}""")]
    [InlineData("""{"dueTime":"1s","period":"1s","ttl":"2500ms"}""", """{"actorID":"1","actorType":"Cart","dueTime":"1s","period":"@every 1s"}""")]
    [InlineData("""{"dueTime":"1s","period":"R3/PT1S","ttl":"2027-01-01T00:00:00Z"}""",
        """{"actorID":"1","actorType":"Cart","dueTime":"1s","period":"@every 1s","ttl":"2027-01-01T00:00:00Z"}""")]
    [InlineData("""{"dueTime":"1s","data":{"b":1,"a":"<x>"}}""", """{"actorID":"1","actorType":"Cart","data":{"b":1,"a":"<x>"},"dueTime":"1s"}""")]
    [InlineData("""{"dueTime":"1s","data":""}""", """{"actorID":"1","actorType":"Cart","data":"","dueTime":"1s"}""")]
    public async Task A_reminder_can_be_read_back_as_the_scheduler_keeps_it(string body, string told)
    {
        await using var actors = await StartAsync();

        await actors.SendAsync("PUT", "Cart/1/reminders/r", body);

        Assert.Equal((200, told + "\n"), await actors.SendAsync("GET", "Cart/1/reminders/r"));
    }

    [Fact]
    public async Task The_callback_tells_the_data_and_no_times()
    {
        await using var actors = await StartAsync();

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s","period":"1h","data":{"b":1}}""");
        await actors.WaitForAsync(Path, 1);

        var got = actors.App.At(Path)[0];
        Assert.Equal(("PUT", """{"data":{"b":1},"dueTime":"","period":""}""", "application/json"), (got.Method, got.Text, got.Headers["Content-Type"]));
        Assert.False(got.Headers.ContainsKey("dapr-caller-app-id"));
    }

    [Fact]
    public async Task Overwrite_false_keeps_the_reminder_that_is_there()
    {
        await using var actors = await StartAsync();

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"2s","data":1}""");
        var refused = await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"1s","data":2,"overwrite":false}""");
        Assert.Equal((204, ""), await actors.SendAsync("POST", "Cart/1/reminders/fresh", """{"dueTime":"2h","overwrite":false}"""));

        Assert.Equal((409, """{"errorCode":"ERR_ACTOR_REMINDER_ALREADY_EXISTS","message":"actor reminder already exists: r"}"""), refused);
        await actors.ExpectAsync(Path, 2000);
        Assert.Contains("\"data\":1", actors.App.At(Path)[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_name_again_replaces_the_reminder_and_a_removed_one_is_silent()
    {
        await using var actors = await StartAsync();

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"1s","data":1}""");
        await actors.SendAsync("PUT", "Cart/1/reminders/r", """{"dueTime":"3s","data":2}""");
        await actors.SendAsync("PUT", "Cart/1/reminders/gone", """{"dueTime":"1s"}""");
        Assert.Equal((204, ""), await actors.SendAsync("DELETE", "Cart/1/reminders/gone"));
        Assert.Equal((204, ""), await actors.SendAsync("DELETE", "Cart/1/reminders/gone"));

        await actors.ExpectAsync(Path, 3000);
        Assert.Empty(actors.App.At("/actors/Cart/1/method/remind/gone"));
    }

    [Theory]
    [InlineData(500), InlineData(404), InlineData(204)]
    public async Task One_that_fires_once_is_gone_after_four_failed_attempts(int status)
    {
        await using var actors = await StartAsync();
        actors.App.On(Path, "", status);

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s"}""");

        await actors.ExpectAsync(Path, 0, 1000, 2000, 3000);
        Assert.Equal(404, (await actors.SendAsync("GET", "Cart/1/reminders/r")).Status);
    }

    [Fact]
    public async Task One_that_recurs_skips_to_its_next_fire_after_four_failed_attempts()
    {
        await using var actors = await StartAsync();
        actors.App.On(Path, "", 500);

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s","period":"R2/PT6S"}""");

        await actors.ExpectAsync(Path, 0, 1000, 2000, 3000, 6000, 7000, 8000, 9000);
    }

    [Fact]
    public async Task A_second_attempt_that_succeeds_is_the_last()
    {
        await using var actors = await StartAsync();
        var attempts = 0;
        actors.App.On(Path, http =>
        {
            http.Response.StatusCode = ++attempts == 1 ? 500 : 200;
            return Task.CompletedTask;
        });

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s"}""");

        await actors.ExpectAsync(Path, 0, 1000);
    }

    [Fact]
    public async Task One_that_is_removed_in_its_own_callback_does_not_come_again()
    {
        await using var actors = await StartAsync();
        actors.App.On(Path, async _ => await actors.SendAsync("DELETE", "Cart/1/reminders/r"));

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s","period":"1s"}""");

        await actors.ExpectAsync(Path, 0);
    }

    [Fact]
    public async Task A_cancel_header_does_not_end_one_that_recurs()
    {
        await using var actors = await StartAsync();
        actors.App.On(Path, "", headers: ("X-DaprReminderCancel", "true"));

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s","period":"R2/PT1S"}""");

        await actors.ExpectAsync(Path, 0, 1000);
    }

    [Fact]
    public async Task By_plan_a_reminder_can_be_gone_without_having_come()
    {
        await using var actors = await StartAsync();
        actors.Sidecar.Host.Chaos = new ChaosPlan(1, 0, 0, 0, 0, FalseAck: 1);

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"0s"}""");
        Assert.Equal((200, ""), await actors.SendAsync("PUT", "Cart/1/method/m"));
        await Eventually.Is(async () =>
        {
            actors.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return (await actors.SendAsync("GET", "Cart/1/reminders/r")).Status == 404;
        });

        Assert.Equal(["/dapr/config"], actors.App.Received.Select(r => r.Path));
    }

    [Fact]
    public async Task Whoever_watches_the_flow_sees_reminders_and_timers_come()
    {
        await using var actors = await StartAsync();
        actors.App.On(Path, "no", 500);

        await actors.SendAsync("POST", "Cart/1/timers/t", "{}");
        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"1s"}""");
        await actors.ExpectAsync(Path, 1000, 2000, 3000, 4000);

        var seen = new List<(FlowKind, string, string, string, int, string)>();
        while (actors.Sidecar.Host.Flow.Steps.TryRead(out var step))
            if (step.Subject == "1") seen.Add((step.Kind, step.Topic, step.Type, step.Subject, step.Attempt, step.Outcome));
        const string fault = "error from actor service: (500) no";
        Assert.Equal(
            [
                (FlowKind.Ticked, "Cart", "t", "1", 1, ""),
                (FlowKind.Reminded, "Cart", "r", "1", 1, fault), (FlowKind.Reminded, "Cart", "r", "1", 2, fault),
                (FlowKind.Reminded, "Cart", "r", "1", 3, fault), (FlowKind.Reminded, "Cart", "r", "1", 4, fault),
            ],
            seen);
    }

    [Fact]
    public async Task A_reminder_wakes_an_actor_that_was_idle()
    {
        await using var actors = await StartAsync("""{"entities":["Cart"],"actorIdleTimeout":"2s"}""");

        await actors.SendAsync("POST", "Cart/1/reminders/r", """{"dueTime":"5s"}""");
        await actors.SendAsync("PUT", "Cart/1/method/m");
        actors.Clock.Advance(TimeSpan.FromSeconds(2));
        await actors.WaitForAsync("/actors/Cart/1", 1);
        actors.Clock.Advance(TimeSpan.FromSeconds(3));
        await actors.WaitForAsync(Path, 1);
        actors.Clock.Advance(TimeSpan.FromSeconds(2));

        await actors.WaitForAsync("/actors/Cart/1", 2);
    }
}
