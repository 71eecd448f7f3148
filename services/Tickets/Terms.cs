using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What a buyer agrees to. An order is placed for one version of the terms.</summary>
/// <param name="TimeZone">The IANA name of the show's time zone; null if its seller did not say.</param>
public sealed record Terms(
    string Title, string? Venue, DateTimeOffset? StartsAt, string? Seat, Money Price, string? TimeZone = null)
    : Extensible
{
    public const string CurrencyDefault = "usd";

    public static readonly Terms None = new("", null, null, null, new(0, CurrencyDefault));
}
