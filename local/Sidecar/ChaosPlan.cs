namespace Ticketing.Sidecar;

/// <summary>Hostile delivery on purpose: the share of deliveries (0 to 1) that meet each accident, by seed.</summary>
/// <param name="Reorder">Held back until others have overtaken it.</param>
/// <param name="Fail">Answered for the app with a failure, though the app never saw it; by attempt.</param>
/// <param name="FalseAck">Answered as delivered, though the app never saw it.</param>
public sealed record ChaosPlan(int Seed, double Duplicate, double Delay, double Reorder, double Fail, double FalseAck)
{
    public static ChaosPlan FromSeed(int seed) => new(seed, 0.10, 0.10, 0.10, 0.05, 0.10);
}
