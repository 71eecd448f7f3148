namespace Ticketing.Sidecar.PubSub;

/// <summary>Draws the injected fault of a delivery. A host has one seed; the order of the deliveries decides.</summary>
sealed class ChaosDecisions(ChaosPlan plan)
{
    static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(2);
    static readonly TimeSpan OvertakenAfter = TimeSpan.FromMilliseconds(300);

    readonly Random _random = new(plan.Seed);

    /// <summary>Null without injected faults.</summary>
    public static ChaosDecisions? Of(SidecarHost host) => host.Chaos is not { } plan
        ? null
        : host.Shared($"chaos {plan}", () => new ChaosDecisions(plan));

    public bool FalselyAcknowledges() => Hits(plan.FalseAck);

    public bool FailsAttempt() => Hits(plan.Fail);

    public bool Repeats() => Hits(plan.Duplicate);

    /// <summary>How long to delay a delivery; zero for most.</summary>
    public TimeSpan HoldBack()
    {
        lock (_random)
        {
            if (_random.NextDouble() < plan.Reorder) return OvertakenAfter * _random.NextDouble();
            return _random.NextDouble() < plan.Delay ? DelayMax * _random.NextDouble() : TimeSpan.Zero;
        }
    }

    bool Hits(double share)
    {
        lock (_random) return _random.NextDouble() < share;
    }
}
