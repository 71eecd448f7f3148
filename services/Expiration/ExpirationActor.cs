using System.Text.Json;
using Dapr.Actors.Runtime;
using Ticketing.Contracts;

namespace Ticketing.Expiration;

/// <summary>
/// Publishes <see cref="ExpirationElapsed"/> at an order's deadline. Orders decides whether the order then ends.
/// </summary>
/// <remarks>
/// The reminder is stored; it repeats until the order is over, because Dapr drops one that fails several times in a row,
/// and because a published message may be lost. The actor stores nothing else. An old event that arrives after the actor
/// was unloaded sets it again; orders then answers the expiration with the order's end, which removes it.
/// </remarks>
[Actor(TypeName = TypeName)]
public sealed class ExpirationActor(ActorHost host, ISidecar sidecar, TimeProvider clock)
    : Actor(host), IExpirationActor, IRemindable
{
    public const string TypeName = "ExpirationActor";
    public const string Deadline = "deadline";
    public static readonly TimeSpan ReminderPeriod = TimeSpan.FromSeconds(5);
    /// <summary>
    /// By so much the clock of orders may be behind. If it is asked before its own clock says that the order has expired,
    /// nothing happens until the next period.
    /// </summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromMilliseconds(100);

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

    /// <summary>Called by name by the timers that the build before has set.</summary>
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
        // Dapr takes whole milliseconds. Rounded up: a reminder that fires too early finds the order not yet expired.
        var left = Math.Ceiling((order.ExpiresAt + ClockMargin - clock.GetUtcNow()).TotalMilliseconds);
        await RegisterReminderAsync(Deadline, state, TimeSpan.FromMilliseconds(Math.Max(0, left)), ReminderPeriod);
    }

    Task Disarm() => UnregisterReminderAsync(Deadline);
}
