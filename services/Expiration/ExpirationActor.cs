using System.Text.Json;
using Dapr.Actors.Runtime;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>
/// Publishes <see cref="ExpirationElapsed"/> at an order's deadline. Orders decides whether the order then ends.
/// </summary>
/// <remarks>
/// The timer fires exactly but is lost when its sidecar restarts. The reminder is stored; it repeats until the order is
/// over, because Dapr drops a reminder that fails several times in a row, and because a published message may be lost.
/// The actor stores nothing else. An old event that arrives after the actor was unloaded sets both again; orders then
/// answers the expiration with the order's end, which removes them.
/// </remarks>
[Actor(TypeName = TypeName)]
public sealed class ExpirationActor(ActorHost host, ISidecar sidecar, TimeProvider clock)
    : Actor(host), IExpirationActor, IRemindable
{
    public const string TypeName = "ExpirationActor";
    public const string Deadline = "deadline";
    /// <summary>
    /// From the deadline to the first reminder, and between reminders: the timer was lost, or its message, or the clock of
    /// orders is so far behind that the order had not expired when it was asked.
    /// </summary>
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Once = TimeSpan.FromMilliseconds(-1);

    // The newest snapshot since this actor was loaded; not stored.
    OrderSnapshot? newest;

    public async Task<string> Apply(OrderSnapshot order)
    {
        if (order is null)
            throw new JsonException("The order snapshot is missing.");
        if (newest is not null && order.BookVersion <= newest.BookVersion)
            return ApplyOutcome.Stale;
        // Set last: if a call below fails, the event is delivered again and must not look stale.
        if (order.IsLive && newest is not { IsLive: true })
            await Arm(order);
        if (!order.IsLive && newest is not { IsLive: false })
            await Disarm();
        newest = order;
        return order.IsLive ? ApplyOutcome.Armed : ApplyOutcome.Disarmed;
    }

    public Task ReceiveReminderAsync(string reminderName, byte[] state, TimeSpan dueTime, TimeSpan period) =>
        PublishElapsed(state);

    /// <summary>The timer's callback, called by name.</summary>
    public async Task PublishElapsed(byte[] state)
    {
        if (newest is { IsLive: false })
        {
            await Disarm();     // set again by an older snapshot, or its removal failed
            return;
        }
        var elapsed = JsonSerializer.Deserialize(state, ContractsJson.Default.ExpirationElapsed)
            ?? throw new JsonException("The reminder carries no order.");
        await sidecar.Publish(Event.Of(elapsed), default);
    }

    async Task Arm(OrderSnapshot order)
    {
        var elapsed = new ExpirationElapsed(order.Id, order.ExpiresAt);
        var state = JsonSerializer.SerializeToUtf8Bytes(elapsed, ContractsJson.Default.ExpirationElapsed);
        // Dapr takes whole milliseconds. Rounded up: a timer that fires too early finds the order not yet expired.
        var left = TimeSpan.FromMilliseconds(
            Math.Max(0, Math.Ceiling((order.ExpiresAt - clock.GetUtcNow()).TotalMilliseconds)));
        await RegisterReminderAsync(Deadline, state, left + ReminderPeriod, ReminderPeriod);
        await RegisterTimerAsync(Deadline, nameof(PublishElapsed), state, left, Once);
    }

    async Task Disarm()
    {
        await UnregisterReminderAsync(Deadline);
        await UnregisterTimerAsync(Deadline);
    }
}
