namespace Ticketing.Tickets;

/// <param name="OpenMax">Tickets that one seller may have on sale, those somebody is buying included.</param>
public sealed record ListingOptions(int OpenMax)
{
    const int OpenMaxUnlessSaid = 2_000;

    public static ListingOptions From(IConfiguration configuration)
    {
        var max = configuration.GetValue("Tickets:OpenListingsMax", OpenMaxUnlessSaid);
        return max > 0 ? new(max) : throw new InvalidOperationException($"Tickets:OpenListingsMax is 1 or more, not {max}.");
    }
}
