using System.Text.Json.Serialization;

namespace Ticketing.Contracts;

/// <summary>The state of one ticket, published at every change; as of <see cref="Version"/>.</summary>
public sealed record TicketSnapshot : Extensible
{
    public required TicketId Id { get; init; }
    /// <summary>
    /// Grows by one at every change; a snapshot that is not newer than the last one received is ignored.
    /// </summary>
    public required long Version { get; init; }
    public required UserId Seller { get; init; }
    public required string Title { get; init; }
    public string? Venue { get; init; }
    public DateTimeOffset? StartsAt { get; init; }
    public string? Seat { get; init; }
    /// <summary>The IANA name of the time zone in which the show takes place; null if its seller did not say.</summary>
    public string? TimeZone { get; init; }
    public required Money Price { get; init; }
    /// <summary>
    /// Grows by one when the terms a buyer agreed to (price, currency, title, seat, venue, date, time zone) change.
    /// </summary>
    public required long TermsVersion { get; init; }
    /// <summary>
    /// True if it was ever for sale in another currency: what a buyer saw is then not told by the amount alone.
    /// </summary>
    public bool CurrencyChanged { get; init; }
    public required DateTimeOffset ListedAt { get; init; }
    public bool Withdrawn { get; init; }
    public TicketLock? Lock { get; init; }
    /// <summary>The completed order, if the ticket is sold.</summary>
    public OrderId? SoldTo { get; init; }
    /// <summary>The newest version of the order book that tickets has applied.</summary>
    public long BookVersion { get; init; }
    /// <summary>
    /// True when the publisher waits for an answer: each receiver then publishes its current snapshot.
    /// </summary>
    public bool Again { get; init; }

    /// <summary>A ticket of a show that has begun is no longer sold; it stays open for its seller to see.</summary>
    public bool HasBegun(DateTimeOffset now) => StartsAt <= now;
}

/// <summary>The newest order that asked for the ticket, and the answer it got.</summary>
public sealed record TicketLock(
    int Seq, LockState State, OrderId OrderId, UserId Buyer, DateTimeOffset Until, CancelReason? Reason = null) : Extensible;

[JsonConverter(typeof(CamelCaseEnumConverter<LockState>))]
public enum LockState { Granted, Refused, Ended }

public static class TicketEvents
{
    public const string Listed = "ticket.listed";
    public const string Edited = "ticket.edited";
    public const string Withdrawn = "ticket.withdrawn";
    public const string Locked = "ticket.locked";
    public const string LockRefused = "ticket.lock-refused";
    public const string Unlocked = "ticket.unlocked";
    public const string Sold = "ticket.sold";
}
