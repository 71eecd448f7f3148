namespace Ticketing.Payments.Tests;

/// <summary>The machine's clock, set to another time when a test says so; waits take as long as they take.</summary>
sealed class ShiftedClock : TimeProvider
{
    public TimeSpan Shift { get; set; }
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
}
