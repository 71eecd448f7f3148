using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>What a buyer agrees to; an order is placed at one version of it.</summary>
public sealed record Terms(string Title, string? Venue, DateTimeOffset? StartsAt, string? Seat, Money Price)
{
    public const string CurrencyUnlessSaid = "usd";

    public static readonly Terms None = new("", null, null, null, new(0, CurrencyUnlessSaid));
}
