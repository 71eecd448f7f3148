using System.Text.Json;
using Dapr.Actors.Runtime;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>
/// Says at an order's deadline that it has passed; whether the order then ends is for the order to decide.
/// </summary>
/// <remarks>
/// A timer for the exact moment lives only as long as the sidecar that set it. The reminder outlives everything; it
/// repeats until the order is over, because one that fails a few times in a row is dropped, and because nobody knows
/// whether what it said was heard. Nothing is kept but these two: an old snapshot that comes after all is forgotten
/// sets them once more, the order says at its deadline that it is over, and they are gone again.
/// </remarks>
[Actor(TypeName = TypeName)]
public sealed class ExpirationActor(ActorHost host, ISidecar sidecar, TimeProvider clock)
    : Actor(host), IExpirationActor, IRemindable
{
    public const string TypeName = "ExpirationActor";
    public const string Deadline = "deadline";
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(30);
    /// <summary>A message may get lost, or the orders' clock be a little behind: the timer rings for a while.</summary>
    public static readonly TimeSpan TimerPeriod = TimeSpan.FromSeconds(2), TimerRingsFor = TimeSpan.FromSeconds(9);

    // What this actor has heard since it woke up.
    OrderSnapshot? newest;

    public async Task<string> Hear(OrderSnapshot order)
    {
        if (order is null)
            throw new JsonException("A snapshot is told, never nothing.");
        if (newest is not null && order.BookVersion <= newest.BookVersion)
            return Heard.Stale;
        // Remembered only after it worked: what failed is told again.
        if (order.IsLive && newest is not { IsLive: true })
            await Arm(order);
        if (!order.IsLive && newest is not { IsLive: false })
            await Disarm();
        newest = order;
        return order.IsLive ? Heard.Armed : Heard.Disarmed;
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) =>
        Ring(state);

    /// <summary>The timer's callback, called by name.</summary>
    public async Task Ring(byte[] state)
    {
        if (newest is { IsLive: false })
        {
            await Disarm();     // set by an older snapshot, or not taken back
            return;
        }
        var elapsed = JsonSerializer.Deserialize(state, ContractsJson.Default.ExpirationElapsed)
            ?? throw new JsonException("A reminder carries the order it is for.");
        await sidecar.Publish(Event.Of(elapsed), default);
        if (clock.GetUtcNow() >= elapsed.ExpiresAt + TimerRingsFor)
            await UnregisterTimerAsync(Deadline);
    }

    async Task Arm(OrderSnapshot order)
    {
        var elapsed = new ExpirationElapsed(order.Id, order.ExpiresAt);
        var state = JsonSerializer.SerializeToUtf8Bytes(elapsed, ContractsJson.Default.ExpirationElapsed);
        // Whole milliseconds travel: rounded up, or it would ring a moment too early and be told to come again.
        var left = Math.Ceiling((order.ExpiresAt - clock.GetUtcNow()).TotalMilliseconds);
        var dueTime = TimeSpan.FromMilliseconds(Math.Max(0, left));
        await RegisterReminderAsync(Deadline, state, dueTime, ReminderPeriod);
        await RegisterTimerAsync(Deadline, nameof(Ring), state, dueTime, TimerPeriod);
    }

    async Task Disarm()
    {
        await UnregisterReminderAsync(Deadline);
        await UnregisterTimerAsync(Deadline);
    }
}
