using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Orders;

/// <summary>
/// A ticket's order book: every order placed on it, of which at most the last one holds the ticket, and a copy of the
/// ticket's newest snapshot. One document, so that "is it free?" and "it is mine" are one write.
/// </summary>
/// <param name="Ticket">Its newest snapshot; null until the first one arrives.</param>
/// <param name="Orders">By <c>seq</c>; the oldest finished ones move to the archive.</param>
public sealed record Book(TicketId TicketId, long Version, TicketSnapshot? Ticket, ImmutableArray<Order> Orders)
    : Extensible, IAggregate<Book>
{
    /// <summary>Orders that stay in the book, and how many more gather before the oldest move together.</summary>
    public const int OrdersKept = 20, MovedTogether = 5;

    public static readonly Refusal UnknownTicket = new(404, "ticket-not-found", "There is no such ticket.");
    public static readonly Refusal Reserved = new(409, "ticket-reserved", "Someone else is buying this ticket.");
    public static readonly Refusal Sold = new(409, "ticket-sold", "This ticket is sold.");
    public static readonly Refusal Withdrawn = new(409, "ticket-withdrawn", "The seller has withdrawn this ticket.");
    public static readonly Refusal ShowBegun =
        new(409, "show-begun", "The show has begun: its tickets are no longer sold.");
    public static readonly Refusal TermsChanged =
        new(409, "terms-changed", "The seller has changed the ticket since you saw it.");

    public static string Kind => "book";
    public static Book Absent(string id) => new(TicketId.Parse(id, null), 0, null, []);

    /// <summary>The newest order: the only one that may hold the ticket.</summary>
    [JsonIgnore]
    public Order? Current => Orders is [.., var last] ? last : null;

    /// <summary>Orders that are over and due for the archive.</summary>
    [JsonIgnore]
    public ImmutableArray<Order> Overflow => Orders.Length < OrdersKept + MovedTogether ? [] : Orders[..^OrdersKept];

    public IEnumerable<Order> PlacedSince(DateTimeOffset moment) => Orders.Where(order => order.CreatedAt >= moment);

    public OrderSnapshot SnapshotOf(Order order) => order.Snapshot(Ticket?.Version ?? 0);

    public Order? Find(OrderId id) => Orders.FirstOrDefault(order => order.Id == id);

    /// <summary>The refusal for the next buyer while an order has this status; null: it does not hold the ticket.</summary>
    public static Refusal? Taken(OrderStatus status, DateTimeOffset expiresAt, DateTimeOffset now) => status switch
    {
        // An order past its deadline no longer holds the ticket, even if no timer has expired it.
        OrderStatus.Created or OrderStatus.AwaitingPayment when now < expiresAt =>
            Reserved.With("heldUntil", expiresAt),
        OrderStatus.Complete or OrderStatus.Refunding => Sold,
        _ => null,
    };

    /// <summary>Locks the ticket for a buyer; its terms are the ticket's, whatever the buyer says.</summary>
    /// <param name="seen">Null: the buyer takes it at any terms.</param>
    public Decision<Book> Place(UserId buyer, SeenTerms? seen, TimeSpan hold, DateTimeOffset now)
    {
        if (Ticket is null)
            return UnknownTicket;
        if (Current is { } holder && Taken(holder.Status, holder.ExpiresAt, now) is { } taken)
            return holder.IsLive && holder.Buyer == buyer ? this : taken;
        // After a refund the ticket may not have heard yet that it is withdrawn.
        if (Ticket.Withdrawn || Current is { } over && over.Snapshot(0).Withdraws && !over.IsSettled(Ticket))
            return Withdrawn;
        if (Ticket.HasBegun(now))
            return ShowBegun.With("startsAt", Ticket.StartsAt);
        if (seen?.AreStill(Ticket) == false)
            return TermsChangedTo(Ticket);

        var free = Current is { } last ? Put(last.Expire(now), now) : this;
        var id = new OrderId(TicketId, (Current?.Id.Seq ?? 0) + 1);
        var placed = new Order(
            id, buyer, Ticket.Seller, Ticket.Title, Ticket.Price, Ticket.TermsVersion, now,
            Ticket.StartsAt < now + hold ? Ticket.StartsAt.Value : now + hold)
        {
            Venue = Ticket.Venue, Seat = Ticket.Seat, StartsAt = Ticket.StartsAt, TimeZone = Ticket.TimeZone,
        };
        return free.Put(placed, now).ChangedFrom(this);
    }

    // With what is true now: the buyer may agree to it and ask again.
    static Refusal TermsChangedTo(TicketSnapshot ticket)
    {
        (string Name, object? Value)[] terms =
        [
            ("price", ticket.Price.Amount), ("currency", ticket.Price.Currency), ("title", ticket.Title),
            ("seat", ticket.Seat), ("venue", ticket.Venue), ("startsAt", ticket.StartsAt),
            ("timeZone", ticket.TimeZone), ("termsVersion", ticket.TermsVersion),
        ];
        return TermsChanged with
        {
            Members = terms.Where(term => term.Value is not null).ToDictionary(term => term.Name, term => term.Value),
        };
    }

    public Decision<Book> Cancel(OrderId id, UserId by, DateTimeOffset now) =>
        Decide(id, order => order.Cancel(by), (_, after) => Put(after, now));

    /// <inheritdoc cref="Order.Refund"/>
    public Decision<Book> Refund(OrderId id, UserId by, DateTimeOffset now, bool relist = false) =>
        Decide(id, order => order.Refund(by, relist), (_, after) => Put(after, now));

    /// <summary>Only buyer and seller see it: it makes no new version and publishes no event.</summary>
    public Decision<Book> AskRefund(OrderId id, UserId by, string reason, DateTimeOffset now) =>
        Decide(id, order => order.AskRefund(by, reason, now), Replace);

    /// <inheritdoc cref="Order.EraseReason"/>
    public Decision<Book> EraseReason(OrderId id, UserId by) => Decide(id, order => order.EraseReason(by), Replace);

    /// <summary>Keeps the newest copy of the ticket and applies its lock to the current order.</summary>
    public Decision<Book> Apply(TicketSnapshot ticket, DateTimeOffset now)
    {
        var book = ticket.Version > (Ticket?.Version ?? 0)
            ? this with { Ticket = ticket with { Again = false }, Version = Version + 1 }
            : this;
        if (book.Current is { } current)
            book = book.Put(current.Apply(book.Ticket?.Lock).Expire(now), now, IdOf(book.Ticket));
        return book.ChangedFrom(this, answer: ticket.Again ? ticket.Lock?.OrderId ?? Current?.Id : null);
    }

    /// <summary>If the order is not in the book, the caller answers from the archive.</summary>
    public Decision<Book> Apply(PaymentSnapshot payment, DateTimeOffset now)
    {
        if (Find(payment.OrderId) is not { } order)
            return this;
        var cause = Event.IdOf(Topics.Payments, payment.OrderId, payment.Version);
        var book = Put(order.Apply(payment), now, cause);
        // A declined card is shown only in the order's timeline, to its buyer.
        if (book == this && order.IsLive && payment.DeclineCode is { } code)
            book = Replace(order, order.Note(new(now, order.Status, null, cause, null, code)));
        return book.ChangedFrom(this, answer: payment.Again ? order.Id : null);
    }

    // The sender has missed that the order is finished: its snapshot is published again.
    public Decision<Book> Expire(OrderId id, DateTimeOffset now) => Find(id) is { } order
        ? Put(order.Expire(now), now).ChangedFrom(this, answer: order.IsLive ? null : id)
        : this;

    /// <summary>
    /// Removes orders that are archived; no event is published. An order whose reason was erased meanwhile stays until it
    /// is archived without it.
    /// </summary>
    public Decision<Book> Without(IReadOnlyCollection<Order> archived)
    {
        bool IsArchived(Order order) =>
            archived.Any(old => old.Id == order.Id && old.RefundRequest == order.RefundRequest);
        return Orders.Any(IsArchived)
            ? Decision.Changed(this with { Orders = Orders.RemoveAll(order => IsArchived(order)) })
            : this;
    }

    // An older order is settled whenever the newest is: a ticket that knows the newest has ended all older locks.
    public bool IsSettled(DateTimeOffset now) => Current?.IsSettled(Ticket) ?? true;

    public IEnumerable<Event> Repeat() => Current is { } order ? [Announce(order, again: true)] : [];

    Decision<Book> Decide(OrderId id, Func<Order, Decision<Order>> rule, Func<Order, Order, Book> put)
    {
        if (Find(id) is not { } order)
            return Order.NotFound;
        var decision = rule(order);
        return decision.Refusal is { } refusal ? refusal : put(order, decision.State ?? order).ChangedFrom(this);
    }

    // The one place where an order gets its version: each change its own, also of orders written together.
    Book Put(Order order, DateTimeOffset now, string? cause = null)
    {
        var before = Find(order.Id);
        if (order == before)
            return this;
        var version = Version + 1;
        var step = new OrderStep(now, order.Status, order.Reason, Event.IdOf(Topics.Orders, order.Id, version),
            order.Reason is CancelReason.Expired ? null : cause)
        {
            RefundCause = order.RefundCause,
        };
        order = order with { Version = version, Timeline = order.Timeline.Add(step) };
        var book = before is null ? this with { Orders = Orders.Add(order) } : Replace(before, order);
        return book with { Version = version };
    }

    Book Replace(Order before, Order order) =>
        order == before ? this : this with { Orders = Orders.Replace(before, order) };

    // One event per order that changed; an answer only if those events do not contain it.
    Decision<Book> ChangedFrom(Book before, OrderId? answer = null)
    {
        var changed = Orders.Where(order => order.Version > before.Version).ToList();
        Decision<Book> decision = ReferenceEquals(this, before)
            ? this
            : Decision.Changed(this, [.. changed.Select(order => Announce(order))]);
        return answer is { } id && Find(id) is { } asked && !changed.Contains(asked)
            ? decision.Answering(Announce(asked))
            : decision;
    }

    Event Announce(Order order, bool again = false) =>
        Event.Of(OrderEvents.For(order.Status), SnapshotOf(order) with { Again = again });

    static string? IdOf(TicketSnapshot? ticket) =>
        ticket is null ? null : Event.IdOf(Topics.Tickets, ticket.Id, ticket.Version);
}
