using Ticketing.Contracts;

namespace Ticketing.Payments;

/// <summary>The PaymentIntents this process has saved lately: it need not load them to recognize a webhook.</summary>
sealed class KnownIntents : IProjection<Payment>
{
    const int RememberedMax = 20_000;

    readonly BoundedCache<OrderId, string> intents = new(RememberedMax);

    public void Apply(Payment saved)
    {
        if (saved.StripeId is { } intent)
            intents.Set(saved.OrderId, intent);
    }

    /// <summary>False: not known here.</summary>
    public bool IsOf(OrderId order, string intent) => intents.TryGet(order, out var known) && known == intent;
}
