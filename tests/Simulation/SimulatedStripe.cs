using Ticketing.Contracts;
using Ticketing.Payments;

namespace Ticketing.Simulation;

/// <summary>
/// Stripe as payments sees it: intents whose status only moves forward, and idempotency keys. Replies get lost, before
/// and after their effect.
/// </summary>
sealed class SimulatedStripe(Random random)
{
    public sealed class Intent(OrderId order, Money amount, string? name)
    {
        public string? Name { get; } = name;
        public OrderId Order { get; } = order;
        public Money Amount { get; } = amount;
        public IntentStatus Status { get; set; } = IntentStatus.Open;
        public Decline? Decline { get; set; }
        public string? Refund { get; set; }
        public int Captures { get; set; }
    }

    readonly Dictionary<string, IntentState> replies = [];

    public Dictionary<OrderId, Intent> Intents { get; } = [];
    public bool Hostile { get; set; } = true;

    /// <returns>Null: no reply, though the call may have been performed.</returns>
    public IntentState? Perform(Effect effect)
    {
        if (Hostile && random.Next(10) == 0)
            return null;
        var seen = replies.TryGetValue(effect.Key, out var known) ? known : replies[effect.Key] = Do(effect);
        return Hostile && random.Next(10) == 0 ? null : seen;
    }

    public IntentState? Read(OrderId order) => Intents.TryGetValue(order, out var intent) ? StateOf(intent) : null;

    /// <summary>What Stripe, its dashboard or a bank does without us.</summary>
    public void ActByItself(OrderId order)
    {
        switch (Intents.GetValueOrDefault(order))
        {
            case { Status: IntentStatus.RequiresCapture } lapsed:
                lapsed.Status = IntentStatus.Canceled;
                break;
            case { Status: IntentStatus.Succeeded, Refund: null } charged:
                charged.Refund = $"re_{order}_dashboard";
                break;
        }
    }

    IntentState Do(Effect effect)
    {
        if (!Intents.TryGetValue(effect.OrderId, out var intent))
            Intents[effect.OrderId] = intent = new(effect.OrderId, effect.Amount, effect.Name);
        switch (effect.Kind, intent.Status)
        {
            case (EffectKind.Create or EffectKind.Confirm, IntentStatus.Open) when effect.Card is not null:
                Confirm(intent, effect.Attempt!.Number);
                break;
            case (EffectKind.Capture, IntentStatus.RequiresCapture):
                intent.Status = IntentStatus.Succeeded;
                intent.Captures++;
                break;
            case (EffectKind.Cancel, IntentStatus.Open or IntentStatus.RequiresCapture):
                intent.Status = IntentStatus.Canceled;
                break;
            case (EffectKind.Refund, IntentStatus.Succeeded):
                intent.Refund ??= $"re_{intent.Order}";
                break;
        }
        return StateOf(intent);
    }

    void Confirm(Intent intent, int attempt)
    {
        var draw = random.Next(10);
        intent.Decline = draw switch
        {
            0 => new($"ch_{intent.Order}_{attempt}", "stolen_card"),
            < 3 => new($"ch_{intent.Order}_{attempt}", "insufficient_funds"),
            _ => null,
        };
        if (intent.Decline is null)
            intent.Status = IntentStatus.RequiresCapture;
    }

    static IntentState StateOf(Intent intent) => new($"pi_{intent.Order}", intent.Status, intent.Amount, "secret")
    {
        Name = intent.Name,
        Decline = intent.Status is IntentStatus.Open ? intent.Decline : null,
        RefundId = intent.Refund,
    };
}
