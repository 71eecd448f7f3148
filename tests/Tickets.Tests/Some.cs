using Ticketing.Contracts;

namespace Ticketing.Tickets.Tests;

/// <summary>Tickets in every status and orders of every kind, for tables.</summary>
static class Some
{
    public static readonly TicketId Id = new("t1");
    public static readonly UserId Seller = new("seller"), Buyer = new("buyer"), Stranger = new("stranger");
    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset Until = Noon + TimeSpan.FromMinutes(15);
    public static readonly Terms Terms =
        new("Hamlet", "Globe", Noon + TimeSpan.FromDays(30), "Row 1 Seat 4", new(4550, "usd"));
    public static readonly Terms OtherTerms = Terms with { Price = new(100_000, "usd") };

    public static readonly Ticket Absent = Ticket.Absent(Id);
    public static readonly Ticket Open = Absent.List(Seller, Terms, "digest", Noon).State!;

    /// <summary>Its newest order, if it has one, is the second.</summary>
    public static Ticket In(string status) => status switch
    {
        "absent" => Absent,
        "open" => Open,
        "locked" => Open.After(Order(2, OrderStatus.Created)),
        "refused" => Open.After(Order(2, OrderStatus.Created) with { TermsVersion = 7 }),
        "ended" => Open.After(Order(2, OrderStatus.Created), Order(2, OrderStatus.Cancelled)),
        "sold" => Open.After(Order(2, OrderStatus.Created), Order(2, OrderStatus.Complete)),
        "withdrawn" => In("ended").Withdraw(Seller).State!,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static Ticket After(this Ticket ticket, params OrderSnapshot[] orders) =>
        orders.Aggregate(ticket, (before, order) => before.Apply(order, Noon).State!);

    /// <summary>As orders publishes it: the book's version grows with every change of any of its orders.</summary>
    public static OrderSnapshot Order(int seq, OrderStatus status) => new()
    {
        Id = new(Id, seq),
        TicketId = Id,
        BookVersion = seq * 10 + (int)status,
        Buyer = Buyer,
        Seller = Seller,
        Title = Terms.Title,
        Price = Terms.Price,
        TermsVersion = 1,
        Status = status,
        Reason = status == OrderStatus.Cancelled ? CancelReason.ByBuyer : null,
        ExpiresAt = Until,
        CreatedAt = Noon,
    };

    /// <summary>A cell of a table. The answer to the newest order comes before what the seller did.</summary>
    public static string Describe(this Ticket ticket) => ticket switch
    {
        { Version: 0 } => "absent",
        { SoldTo: { } order } => $"sold {order.Seq}",
        { Lock: { State: LockState.Granted } held } => $"locked {held.Seq}",
        { Lock: { State: LockState.Refused } refused } => $"refused {refused.Seq}",
        { Withdrawn: true } => $"withdrawn {ticket.Lock?.Seq}".TrimEnd(),
        { Lock: { } past } => $"ended {past.Seq}",
        _ => "open",
    };
}
