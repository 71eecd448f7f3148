using System.Text.Json;
using CsCheck;
using Ticketing.Contracts;
using static Ticketing.Expiration.Tests.Clockwork;

namespace Ticketing.Expiration.Tests;

public class ExpirationActorTests
{
    readonly Clockwork clockwork = new();

    Task<string> Hear(OrderStatus status, long version) => clockwork.Actor.Hear(Snapshot(status, version));

    [Fact]
    public async Task A_new_order_gets_a_timer_for_the_moment_and_a_reminder_that_does_not_give_up()
    {
        clockwork.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Heard.Armed, await Hear(OrderStatus.Created, 1));

        Assert.Equal(TimeSpan.FromMinutes(10), clockwork.Timer!.DueTime);
        Assert.Equal(nameof(ExpirationActor.Ring), clockwork.Timer.TimerCallback);
        Assert.Equal(TimeSpan.FromMinutes(10), clockwork.Reminder!.DueTime);
        Assert.Equal(TimeSpan.FromSeconds(30), clockwork.Reminder.Period);
        Assert.Null(clockwork.Reminder.Ttl);
        Assert.Null(clockwork.Reminder.Repetitions);
    }

    [Fact]
    public async Task It_never_rings_early_by_rounding()
    {
        clockwork.Clock.Advance(TimeSpan.FromTicks(1));
        await Hear(OrderStatus.Created, 1);
        Assert.Equal(TimeSpan.FromMinutes(15), clockwork.Timer!.DueTime);
    }

    [Fact]
    public async Task An_order_that_is_heard_of_too_late_is_asked_for_at_once()
    {
        clockwork.Clock.Advance(TimeSpan.FromHours(1));
        await Hear(OrderStatus.Created, 1);
        Assert.Equal(TimeSpan.Zero, clockwork.Timer!.DueTime);
        Assert.Equal(TimeSpan.Zero, clockwork.Reminder!.DueTime);
    }

    [Theory]
    [InlineData(OrderStatus.Complete)]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Refunding)]
    [InlineData(OrderStatus.Refunded)]
    public async Task An_order_that_is_over_is_asked_for_no_more(OrderStatus over)
    {
        await Hear(OrderStatus.Created, 1);
        Assert.Equal(Heard.Disarmed, await Hear(over, 2));
        Assert.Null(clockwork.Timer);
        Assert.Null(clockwork.Reminder);
    }

    [Fact]
    public async Task Timer_and_reminder_only_say_that_the_time_has_passed()
    {
        await Hear(OrderStatus.AwaitingPayment, 1);
        await clockwork.Wake().Ring(clockwork.Timer!.Data);
        await clockwork.Wake().ReceiveReminderAsync("deadline", clockwork.Reminder!.State, default, default);

        Assert.Equal(2, clockwork.Published.Count);
        Assert.All(clockwork.Published, message =>
        {
            Assert.Equal((Topics.Expirations, ExpirationEvents.Elapsed), (message.Topic, message.Type));
            Assert.Equal(new(Order, Now.AddMinutes(15)),
                message.Data.Deserialize(ContractsJson.Default.ExpirationElapsed));
        });
        Assert.NotNull(clockwork.Reminder);     // the order has not said anything yet: it is asked again
    }

    [Fact]
    public async Task The_timer_leaves_off_after_a_while_and_the_reminder_goes_on()
    {
        await Hear(OrderStatus.Created, 1);
        clockwork.Clock.Advance(TimeSpan.FromMinutes(15) + ExpirationActor.TimerPeriod);
        await clockwork.Actor.Ring(clockwork.Timer!.Data);
        Assert.NotNull(clockwork.Timer);

        clockwork.Clock.Advance(ExpirationActor.TimerRingsFor);
        await clockwork.Actor.Ring(clockwork.Timer.Data);
        Assert.Null(clockwork.Timer);
        Assert.NotNull(clockwork.Reminder);
        Assert.Equal(2, clockwork.Published.Count);
    }

    [Fact]
    public async Task The_second_live_snapshot_sets_nothing_anew()
    {
        await Hear(OrderStatus.Created, 1);
        var calls = clockwork.Calls;
        Assert.Equal(Heard.Armed, await Hear(OrderStatus.AwaitingPayment, 2));
        Assert.Equal(calls, clockwork.Calls);
    }

    [Fact]
    public async Task A_duplicate_and_a_late_snapshot_change_nothing()
    {
        await Hear(OrderStatus.Cancelled, 3);
        Assert.Equal(Heard.Stale, await Hear(OrderStatus.Cancelled, 3));
        Assert.Equal(Heard.Stale, await Hear(OrderStatus.Created, 1));
        Assert.Null(clockwork.Reminder);
    }

    [Fact]
    public async Task What_could_not_be_set_is_set_when_it_is_told_again()
    {
        clockwork.Fails = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => Hear(OrderStatus.Created, 1));
        clockwork.Fails = false;
        Assert.Equal(Heard.Armed, await Hear(OrderStatus.Created, 1));
        Assert.NotNull(clockwork.Timer);
    }

    [Fact]
    public async Task What_still_rings_for_an_order_that_is_over_is_taken_back()
    {
        await Hear(OrderStatus.Created, 1);
        var (timer, reminder) = (clockwork.Timer!, clockwork.Reminder!);
        await Hear(OrderStatus.Complete, 2);
        await clockwork.RegisterReminderAsync(reminder);    // the sidecar had lost the removal

        await clockwork.Actor.Ring(timer.Data);

        Assert.Empty(clockwork.Published);
        Assert.Null(clockwork.Reminder);
    }

    // Whatever comes in whatever order, however often the actor sleeps in between: one answer and it is quiet.
    [Fact]
    public void After_the_deadline_nothing_rings_for_ever() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 8], Gen.Bool.Array[8], Gen.Bool)
            .Sample((deliveries, sleeps, paid) =>
            {
                var over = paid ? OrderStatus.Complete : OrderStatus.Cancelled;
                var clockwork = new Clockwork();
                OrderSnapshot[] said =
                [
                    Snapshot(OrderStatus.Created, 1), Snapshot(OrderStatus.AwaitingPayment, 2),
                    Snapshot(over, 3), Snapshot(over, 3) with { Again = true },
                ];
                for (var i = 0; i < deliveries.Length; i++)
                {
                    if (sleeps[i])
                        clockwork.Wake();
                    clockwork.Actor.Hear(said[deliveries[i]]).GetAwaiter().GetResult();
                }
                clockwork.Wake();
                if (clockwork.Reminder is { } reminder)
                {
                    clockwork.Actor.Ring(reminder.State).GetAwaiter().GetResult();
                    Assert.Single(clockwork.Published);
                    clockwork.Actor.Hear(said[2]).GetAwaiter().GetResult();
                }
                return clockwork is { Reminder: null, Timer: null };
            });
}
