using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>One listing: what is for sale, by whom, and the answer to the newest order for it.</summary>
public sealed record Ticket(TicketId Id, UserId Seller, Terms Terms, DateTimeOffset ListedAt)
    : Extensible, IAggregate<Ticket>
{
    /// <summary>How long after the end of a lock orders is asked what became of it.</summary>
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
    /// <summary>Grows by one when the <see cref="Terms"/> change.</summary>
    public long TermsVersion { get; init; }
    /// <summary>True if it was ever for sale in another currency.</summary>
    public bool CurrencyChanged { get; init; }
    public bool Withdrawn { get; init; }
    public TicketLock? Lock { get; init; }
    public OrderId? SoldTo { get; init; }
    /// <summary>The newest version of the order book that changed this ticket.</summary>
    public long BookVersion { get; init; }
    /// <summary>Digest of the request that listed it, if that had an Idempotency-Key; else null.</summary>
    public string? ListedBy { get; init; }

    public static string Kind => "ticket";
    public static Ticket Absent(string id) => new(new(id), new(""), Terms.None, default);

    /// <param name="request">Digest of a request with an Idempotency-Key: the same again returns the same
    /// ticket.</param>
    public Decision<Ticket> List(UserId seller, Terms terms, string? request, DateTimeOffset now) => Version switch
    {
        0 => Change(TicketEvents.Listed, new(Id, seller, terms, now) { TermsVersion = 1, ListedBy = request }),
        _ when Seller == seller && ListedBy == request => this,
        _ => KeyReused,
    };

    // The version is checked last: a lock changes it too, and "locked" tells the seller more than "stale".
    /// <param name="expected">One of these must be the current version; null: any.</param>
    public Decision<Ticket> Edit(UserId by, Terms terms, IReadOnlyCollection<long>? expected) => Status switch
    {
        _ when Version == 0 => NotFound,
        _ when by != Seller => NotTheSeller,
        TicketStatus.Sold => AlreadySold,
        TicketStatus.Locked => LockedNow.With("lockedUntil", Lock!.Until),
        TicketStatus.Withdrawn => AlreadyWithdrawn,
        _ when terms == Terms => this,   // a repeat whose first answer was lost
        _ when expected?.Contains(Version) == false => Stale,
        _ => Change(TicketEvents.Edited, this with
        {
            Terms = terms with { Unknown = Terms.Unknown },
            TermsVersion = TermsVersion + 1,
            CurrencyChanged = CurrencyChanged || terms.Price.Currency != Terms.Price.Currency,
        }),
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
    /// Applies an event of one order. Of two orders the one with the higher seq is newer; the book's version does not
    /// tell, because one write may end an order and place the next, and an old order's event may be repeated with the
    /// current version. Within one order the status only moves forward: live, complete, over.
    /// </summary>
    public Decision<Ticket> Apply(OrderSnapshot order, DateTimeOffset now)
    {
        var next = Version == 0 || order.Id.Seq < Lock?.Seq || IsOver(order.Id.Seq) ? this : After(order, now);
        var decision = next == this
            ? (Decision<Ticket>)this
            : Change(next.Announcement, next with { BookVersion = Math.Max(BookVersion, order.BookVersion) });
        // A repeated event asks for an answer. If the ticket changes, the event of that change is the answer.
        return order.Again && !decision.Changed && Version > 0
            ? decision.Answering(Event.Of(Announcement, Snapshot()))
            : decision;
    }

    bool IsOver(int seq) => Lock is { State: LockState.Ended } && Lock.Seq == seq;

    // A newer order implies that every older one is over, even if that event has not arrived.
    Ticket After(OrderSnapshot order, DateTimeOffset now) => order.Status switch
    {
        OrderStatus.Created or OrderStatus.AwaitingPayment when order.Id.Seq == Lock?.Seq => this,
        OrderStatus.Created or OrderStatus.AwaitingPayment => this with { Lock = Answer(order, now), SoldTo = null },
        OrderStatus.Complete or OrderStatus.Refunding =>
            this with { Lock = LockOf(order, LockState.Granted), SoldTo = order.Id },
        // Also for an order unknown here: orders waits until this ticket confirms that the lock ended.
        _ => this with
        {
            Lock = LockOf(order, LockState.Ended, order.Reason),
            SoldTo = null,
            Withdrawn = Withdrawn || order.Withdraws,
        },
    };

    // The first write wins: either the lock, at the terms the buyer saw, or the seller's change of the terms.
    TicketLock Answer(OrderSnapshot order, DateTimeOffset now) =>
        Withdrawn ? LockOf(order, LockState.Refused, CancelReason.Withdrawn)
        : Terms.StartsAt <= now ? LockOf(order, LockState.Refused, CancelReason.ShowBegun)
        : order.TermsVersion != TermsVersion ? LockOf(order, LockState.Refused, CancelReason.PriceChanged)
        : LockOf(order, LockState.Granted);

    TicketLock LockOf(OrderSnapshot order, LockState state, CancelReason? reason = null) =>
        new(order.Id.Seq, state, order.Id, order.Buyer, order.ExpiresAt, reason)
        {
            Unknown = Lock?.Seq == order.Id.Seq ? Lock.Unknown : null,
        };

    public TicketStatus Status => Snapshot().Status();

    /// <summary>False while a lock is past its end and orders has not yet said what became of its order.</summary>
    public bool IsSettled(DateTimeOffset now) => Status != TicketStatus.Locked || now < Lock!.Until + OverdueAfter;

    public IEnumerable<Event> Repeat() => [Event.Of(Announcement, Snapshot() with { Again = true })];

    // The event type for the current state. Receivers decide by the snapshot, not by this name.
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
        TimeZone = Terms.TimeZone,
        Price = Terms.Price,
        TermsVersion = TermsVersion,
        CurrencyChanged = CurrencyChanged,
        ListedAt = ListedAt,
        Withdrawn = Withdrawn,
        Lock = Lock,
        SoldTo = SoldTo,
        BookVersion = BookVersion,
    };
}
