using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// Looks at Stripe that readers share: one at a time for a payment and at most one per <see cref="Interval"/>, whoever
/// asks and however often. Only a payment that has changed since its last look may be looked at again at once: its buyer
/// may just be back from the bank.
/// </summary>
sealed class Looks(TimeProvider clock)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>In one interval and process: 100 calls a second, what Stripe allows to one account in live mode.</summary>
    public const int Max = 500;

    readonly record struct Look(long At, (long Version, int Attempts) Of, Task Done);

    readonly Lock gate = new();
    readonly Dictionary<OrderId, Look> looks = [];

    /// <summary>
    /// Ends when the look under way does; at once if there was one just now, or if too many are made already.
    /// </summary>
    public Task Join(Payment payment, Func<OrderId, Task> look)
    {
        var of = (payment.Version, payment.Attempts);
        lock (gate)
        {
            if (looks.TryGetValue(payment.OrderId, out var last)
                && (!last.Done.IsCompleted || last.Of == of && IsRecent(last)))
                return last.Done;
            if (looks.Count >= Max)
                Forget();
            if (looks.Count >= Max)
                return Task.CompletedTask;
            var done = Begin(payment.OrderId, look);
            looks[payment.OrderId] = new(clock.GetTimestamp(), of, done);
            return done;
        }
    }

    // One that failed (the store is away) told nobody anything.
    bool IsRecent(Look look) => look.Done.IsCompletedSuccessfully && clock.GetElapsedTime(look.At) < Interval;

    void Forget()
    {
        foreach (var (id, look) in looks)
        {
            if (look.Done.IsCompleted && !IsRecent(look))
                looks.Remove(id);
        }
    }

    static async Task Begin(OrderId id, Func<OrderId, Task> look)
    {
        await Task.Yield();   // not under the lock
        await look(id);
    }
}
