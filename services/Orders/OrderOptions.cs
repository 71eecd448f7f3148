using System.ComponentModel.DataAnnotations;

namespace Ticketing.Orders;

/// <summary>The section <c>Orders</c> of the configuration.</summary>
public sealed class OrderOptions
{
    public const string Section = "Orders";

    /// <summary>How long an unpaid order holds its ticket.</summary>
    [Range(1, 86_400)]
    public int HoldSeconds { get; init; } = 900;

    /// <summary>Tickets one buyer may hold unpaid at the same time.</summary>
    [Range(1, 1000)]
    public int HeldMax { get; init; } = 20;

    public TimeSpan Hold => TimeSpan.FromSeconds(HoldSeconds);
}
