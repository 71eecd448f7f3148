namespace Ticketing.Tickets;

/// <param name="OpenMax">How many tickets one seller may have on sale, locked ones included.</param>
public sealed record ListingOptions(int OpenMax)
{
    const int OpenMaxDefault = 2_000;

    public static ListingOptions From(IConfiguration configuration)
    {
        var max = configuration.GetValue("Tickets:OpenListingsMax", OpenMaxDefault);
        return max > 0
            ? new(max)
            : throw new InvalidOperationException($"Tickets:OpenListingsMax must be 1 or more, not {max}.");
    }
}
