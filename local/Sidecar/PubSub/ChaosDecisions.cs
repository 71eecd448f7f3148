namespace Ticketing.Sidecar.PubSub;

/// <summary>Decides what accident a delivery meets. All draws of a host come from one seed, in the order in which
/// deliveries ask.</summary>
sealed class ChaosDecisions(ChaosPlan plan)
{
    static readonly TimeSpan DelayMax = TimeSpan.FromSeconds(2);
    static readonly TimeSpan OvertakenAfter = TimeSpan.FromMilliseconds(300);

    readonly Random _random = new(plan.Seed);

    /// <summary>Null while the host delivers as a healthy broker would.</summary>
    public static ChaosDecisions? Of(SidecarHost host) => host.Chaos is not { } plan
        ? null
        : host.Shared($"chaos {plan}", () => new ChaosDecisions(plan));

    public bool FalselyAcknowledges() => Hits(plan.FalseAck);

    public bool FailsAttempt() => Hits(plan.Fail);

    public bool Repeats() => Hits(plan.Duplicate);

    /// <summary>How long to hold a delivery back; zero for most.</summary>
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
