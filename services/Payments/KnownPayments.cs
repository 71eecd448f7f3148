using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>
/// The payments as this process has saved them lately. Another process may have saved a newer state: what an event tells
/// is then taken for news once more, and Stripe is asked.
/// </summary>
sealed class KnownPayments : IProjection<Payment>
{
    const int RememberedMax = 5_000;

    readonly BoundedCache<OrderId, Payment> payments = new(RememberedMax);

    public void Apply(Payment saved)
    {
        if (saved.StripeId is not null)
            payments.Set(saved.OrderId, saved);
    }

    public Payment? Find(OrderId order) => payments.TryGet(order, out var known) ? known : null;
}
