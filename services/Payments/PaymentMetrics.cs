using System.Diagnostics.Metrics;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>Counts the calls to Stripe by outcome, and checks the invariants of money.</summary>
sealed class PaymentMetrics(ILogger<PaymentMetrics> log) : IProjection<Payment>
{
    static readonly Counter<long> calls = Telemetry.Meter.CreateCounter<long>("ticketing_stripe_calls_total",
        description: "Calls to Stripe that move money, by what they were to do and how Stripe answered.");

    public static void Count(EffectKind kind, Reply reply) => calls.Add(1,
        new KeyValuePair<string, object?>("kind", kind.ToString()),
        new KeyValuePair<string, object?>("reply", reply.GetType().Name));

    /// <summary>Money is captured only for a complete order, and no order is complete whose payment failed.</summary>
    public void Apply(Payment saved)
    {
        var where = $"{Payment.Kind}:{saved.OrderId}";
        var isTaken = saved.Status is PaymentStatus.Captured;
        var isWaiting = saved.Order?.Status is OrderStatus.Created or OrderStatus.AwaitingPayment;
        Invariants.Check(!(isTaken && isWaiting), "money", where, log);
        // Voided is possible: Stripe may give an authorization up, and the order hears of it afterwards.
        var isFailed = saved.Status is PaymentStatus.Failed;
        Invariants.Check(!(isFailed && saved.Order?.Status is OrderStatus.Complete), "money", where, log);
    }
}
