using System.Text.Json;
using CsCheck;
using Ticketing.Contracts;
using static Ticketing.Expiration.Tests.FakeActorTimers;

namespace Ticketing.Expiration.Tests;

public class ExpirationActorTests
{
    readonly FakeActorTimers timers = new();

    Task<string> Apply(OrderStatus status, long version) => timers.Actor.Apply(Snapshot(status, version));

    [Fact]
    public async Task A_new_order_gets_a_timer_for_the_moment_and_a_reminder_that_does_not_give_up()
    {
        timers.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(ApplyOutcome.Armed, await Apply(OrderStatus.Created, 1));

        Assert.Equal(2, timers.Calls);
        Assert.Equal(TimeSpan.FromMinutes(10), timers.Timer!.DueTime);
        Assert.Equal(nameof(ExpirationActor.PublishElapsed), timers.Timer.TimerCallback);
        Assert.Equal(TimeSpan.FromMilliseconds(-1), timers.Timer.Period);     // once
        Assert.Equal(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(5), timers.Reminder!.DueTime);
        Assert.Equal(TimeSpan.FromSeconds(5), timers.Reminder.Period);
        Assert.Null(timers.Reminder.Ttl);
        Assert.Null(timers.Reminder.Repetitions);
    }

    [Fact]
    public async Task It_never_rings_early_by_rounding()
    {
        timers.Clock.Advance(TimeSpan.FromTicks(1));
        await Apply(OrderStatus.Created, 1);
        Assert.Equal(TimeSpan.FromMinutes(15), timers.Timer!.DueTime);
    }

    [Fact]
    public async Task An_order_that_is_heard_of_too_late_is_asked_for_at_once()
    {
        timers.Clock.Advance(TimeSpan.FromHours(1));
        await Apply(OrderStatus.Created, 1);
        Assert.Equal(TimeSpan.Zero, timers.Timer!.DueTime);
        Assert.Equal(ExpirationActor.ReminderPeriod, timers.Reminder!.DueTime);
    }

    [Theory]
    [InlineData(OrderStatus.Complete)]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Refunding)]
    [InlineData(OrderStatus.Refunded)]
    public async Task An_order_that_is_over_is_asked_for_no_more(OrderStatus over)
    {
        await Apply(OrderStatus.Created, 1);
        Assert.Equal(ApplyOutcome.Disarmed, await Apply(over, 2));
        Assert.Null(timers.Timer);
        Assert.Null(timers.Reminder);
        Assert.Equal(4, timers.Calls);
    }

    [Fact]
    public async Task Timer_and_reminder_only_say_that_the_time_has_passed()
    {
        await Apply(OrderStatus.AwaitingPayment, 1);
        await timers.Reload().PublishElapsed(timers.Timer!.Data);
        await timers.Reload().ReceiveReminderAsync("deadline", timers.Reminder!.State, default, default);

        Assert.Equal(2, timers.Published.Count);
        Assert.All(timers.Published, message =>
        {
            Assert.Equal((Topics.Expirations, ExpirationEvents.Elapsed), (message.Topic, message.Type));
            Assert.Equal(new(Order, Now.AddMinutes(15)),
                message.Data.Deserialize(ContractsJson.Default.ExpirationElapsed));
        });
        Assert.NotNull(timers.Reminder);     // no answer of orders yet: it must repeat
    }

    [Fact]
    public async Task The_second_live_snapshot_sets_nothing_anew()
    {
        await Apply(OrderStatus.Created, 1);
        var calls = timers.Calls;
        Assert.Equal(ApplyOutcome.Armed, await Apply(OrderStatus.AwaitingPayment, 2));
        Assert.Equal(calls, timers.Calls);
    }

    [Fact]
    public async Task A_duplicate_and_a_late_snapshot_change_nothing()
    {
        await Apply(OrderStatus.Cancelled, 3);
        Assert.Equal(ApplyOutcome.Stale, await Apply(OrderStatus.Cancelled, 3));
        Assert.Equal(ApplyOutcome.Stale, await Apply(OrderStatus.Created, 1));
        Assert.Null(timers.Reminder);
    }

    [Fact]
    public async Task What_could_not_be_set_is_set_when_it_is_told_again()
    {
        timers.Fails = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => Apply(OrderStatus.Created, 1));
        timers.Fails = false;
        Assert.Equal(ApplyOutcome.Armed, await Apply(OrderStatus.Created, 1));
        Assert.NotNull(timers.Reminder);
    }

    [Fact]
    public async Task What_still_rings_for_an_order_that_is_over_is_taken_back()
    {
        await Apply(OrderStatus.Created, 1);
        var reminder = timers.Reminder!;
        await Apply(OrderStatus.Complete, 2);
        await timers.RegisterReminderAsync(reminder);    // as if its removal had failed

        await timers.Actor.PublishElapsed(reminder.State);

        Assert.Empty(timers.Published);
        Assert.Null(timers.Reminder);
    }

    // Any events in any order, with the actor unloaded in between or not: one answer of orders ends the repeats.
    [Fact]
    public void After_the_deadline_nothing_rings_for_ever() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 8], Gen.Bool.Array[8], Gen.Bool)
            .Sample((deliveries, sleeps, paid) =>
            {
                var over = paid ? OrderStatus.Complete : OrderStatus.Cancelled;
                var timers = new FakeActorTimers();
                OrderSnapshot[] snapshots =
                [
                    Snapshot(OrderStatus.Created, 1), Snapshot(OrderStatus.AwaitingPayment, 2),
                    Snapshot(over, 3), Snapshot(over, 3) with { Again = true },
                ];
                for (var i = 0; i < deliveries.Length; i++)
                {
                    if (sleeps[i])
                        timers.Reload();
                    timers.Actor.Apply(snapshots[deliveries[i]]).GetAwaiter().GetResult();
                }
                timers.Reload();
                if (timers.Reminder is { } reminder)
                {
                    timers.Actor.PublishElapsed(reminder.State).GetAwaiter().GetResult();
                    Assert.Single(timers.Published);
                    timers.Actor.Apply(snapshots[2]).GetAwaiter().GetResult();
                }
                return timers is { Reminder: null, Timer: null };
            });
}
