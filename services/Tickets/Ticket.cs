using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>One listing: what is for sale, by whom, and what the newest order that asked for it was told.</summary>
public sealed record Ticket(TicketId Id, UserId Seller, Terms Terms, DateTimeOffset ListedAt) : IAggregate<Ticket>
{
    /// <summary>How long after a lock's end its order may stay silent before it is asked.</summary>
    public static readonly TimeSpan OverdueAfter = TimeSpan.FromSeconds(5);

    public static readonly Refusal NotFound = new(404, "ticket-not-found", "There is no such ticket.");
    public static readonly Refusal NotTheSeller = new(403, "not-the-seller", "Only its seller may change a ticket.");
    public static readonly Refusal AlreadySold = new(409, "ticket-sold", "The ticket is sold.");
    public static readonly Refusal LockedNow = new(409, "ticket-locked", "Somebody is buying the ticket right now.");
    public static readonly Refusal AlreadyWithdrawn = new(409, "ticket-withdrawn", "The ticket was withdrawn.");
    public static readonly Refusal Stale = new(412, "stale-version", "The ticket has changed since you last saw it.");
    public static readonly Refusal KeyReused =
        new(422, "idempotency-key-reused", "The same Idempotency-Key came with another ticket before.");

    public long Version { get; init; }
    /// <summary>Grows by one when <see cref="Terms"/> change.</summary>
    public long TermsVersion { get; init; }
    public bool Withdrawn { get; init; }
    public TicketLock? Lock { get; init; }
    public OrderId? SoldTo { get; init; }
    /// <summary>The newest version of the order book that left its mark here.</summary>
    public long BookVersion { get; init; }
    /// <summary>A digest of the request that listed it, where its seller may send that again; else null.</summary>
    public string? ListedBy { get; init; }

    public static string Kind => "ticket";
    public static Ticket Absent(string id) => new(new(id), new(""), Terms.None, default);

    /// <param name="request">Digest of a request that may be repeated: the same once more is the same ticket.</param>
    public Decision<Ticket> List(UserId seller, Terms terms, string? request, DateTimeOffset now) => Version switch
    {
        0 => Change(TicketEvents.Listed, new(Id, seller, terms, now) { TermsVersion = 1, ListedBy = request }),
        _ when Seller == seller && ListedBy == request => this,
        _ => KeyReused,
    };

    // What the seller saw is asked last: a lock moves the version too, and "locked" says more than "stale".
    /// <param name="seen">Versions of which one must be the current one; null: whatever it is.</param>
    public Decision<Ticket> Edit(UserId by, Terms terms, IReadOnlyCollection<long>? seen) => Status switch
    {
        _ when Version == 0 => NotFound,
        _ when by != Seller => NotTheSeller,
        TicketStatus.Sold => AlreadySold,
        TicketStatus.Locked => LockedNow.With("lockedUntil", Lock!.Until),
        TicketStatus.Withdrawn => AlreadyWithdrawn,
        _ when terms == Terms => this,   // a repeat whose first answer was lost
        _ when seen?.Contains(Version) == false => Stale,
        _ => Change(TicketEvents.Edited, this with { Terms = terms, TermsVersion = TermsVersion + 1 }),
    };

    public Decision<Ticket> Withdraw(UserId by) => Status switch
    {
        _ when Version == 0 => NotFound,
        _ when by != Seller => NotTheSeller,
        TicketStatus.Sold => AlreadySold,
        TicketStatus.Locked => LockedNow.With("lockedUntil", Lock!.Until),
        TicketStatus.Withdrawn => this,  // asked twice is done once
        _ => Change(TicketEvents.Withdrawn, this with { Withdrawn = true }),
    };

    /// <summary>
    /// Takes in what orders says of one order. Between orders the higher seq is the newer, whatever the book's version:
    /// one write may end an order and place the next, and an old order is said again at today's version. Within one
    /// order the status tells: live, then complete, then over, and never back.
    /// </summary>
    public Decision<Ticket> Apply(OrderSnapshot order)
    {
        var next = Version == 0 || order.Id.Seq < Lock?.Seq || IsOver(order.Id.Seq) ? this : After(order);
        var decision = next == this
            ? (Decision<Ticket>)this
            : Change(next.Announcement, next with { BookVersion = Math.Max(BookVersion, order.BookVersion) });
        // Whoever says it again waits for an answer; a change is one by itself.
        return order.Again && !decision.Changed && Version > 0
            ? decision.Answering(Event.Of(Announcement, Snapshot()))
            : decision;
    }

    bool IsOver(int seq) => Lock is { State: LockState.Ended } && Lock.Seq == seq;

    // A newer order shows that every older one is over, also where nobody said so here.
    Ticket After(OrderSnapshot order) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment when order.Id.Seq == Lock?.Seq => this,
        OrderStatus.Created or OrderStatus.AwaitingPayment => this with { Lock = Answer(order), SoldTo = null },
        OrderStatus.Complete or OrderStatus.Refunding =>
            this with { Lock = LockOf(order, LockState.Granted), SoldTo = order.Id },
        // Recorded also for an order never seen before: its owner waits until this ticket shows that its lock ended.
        _ => this with { Lock = LockOf(order, LockState.Ended, order.Reason), SoldTo = null },
    };

    // Whichever was written here first wins: the buyer's lock at the terms seen, or the seller's change of them.
    TicketLock Answer(OrderSnapshot order) =>
        Withdrawn ? LockOf(order, LockState.Refused, CancelReason.Withdrawn)
        : order.TermsVersion != TermsVersion ? LockOf(order, LockState.Refused, CancelReason.PriceChanged)
        : LockOf(order, LockState.Granted);

    static TicketLock LockOf(OrderSnapshot order, LockState state, CancelReason? reason = null) =>
        new(order.Id.Seq, state, order.Id, order.Buyer, order.ExpiresAt, reason);

    public TicketStatus Status => Snapshot().Status();

    /// <summary>A lock past its end waits for its order's verdict; everything else here needs nobody.</summary>
    public bool IsSettled(DateTimeOffset now) => Status != TicketStatus.Locked || now < Lock!.Until + OverdueAfter;

    public IEnumerable<Event> SayAgain() => [Event.Of(Announcement, Snapshot() with { Again = true })];

    // What the current snapshot is called; whoever receives it goes by the snapshot.
    string Announcement => (Status, Lock?.State) switch
    {
        (TicketStatus.Sold, _) => TicketEvents.Sold,
        (_, LockState.Granted) => TicketEvents.Locked,
        (_, LockState.Refused) => TicketEvents.LockRefused,
        (TicketStatus.Withdrawn, _) => TicketEvents.Withdrawn,
        (_, LockState.Ended) => TicketEvents.Unlocked,
        _ => TermsVersion == 1 ? TicketEvents.Listed : TicketEvents.Edited,
    };

    Decision<Ticket> Change(string announcement, Ticket next)
    {
        next = next with { Version = Version + 1 };
        return Decision.Changed(next, Event.Of(announcement, next.Snapshot()));
    }

    public TicketSnapshot Snapshot() => new()
    {
        Id = Id,
        Version = Version,
        Seller = Seller,
        Title = Terms.Title,
        Venue = Terms.Venue,
        StartsAt = Terms.StartsAt,
        Seat = Terms.Seat,
        Price = Terms.Price,
        TermsVersion = TermsVersion,
        ListedAt = ListedAt,
        Withdrawn = Withdrawn,
        Lock = Lock,
        SoldTo = SoldTo,
        BookVersion = BookVersion,
    };
}
