namespace Ticketing.Sidecar;

/// <summary>Injected faults: for each kind the share of deliveries (0 to 1), drawn from a seed.</summary>
/// <param name="Reorder">Held back until later messages have been delivered.</param>
/// <param name="Fail">Fails without being sent to the app; drawn for each attempt.</param>
/// <param name="FalseAck">Counts as delivered without being sent to the app.</param>
public sealed record ChaosPlan(int Seed, double Duplicate, double Delay, double Reorder, double Fail, double FalseAck)
{
    public static ChaosPlan FromSeed(int seed) => new(seed, 0.10, 0.10, 0.10, 0.05, 0.10);
}
