using Ticketing.Contracts;

namespace Ticketing.Orders.Tests;

/// <summary>Sample ticket, seller and two buyers; and a book in every state, reached by its own rules.</summary>
static class Samples
{
    public static readonly DateTimeOffset Now = new(2030, 6, 1, 20, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(15);
    public static readonly TicketId Show = new("show1");
    public static readonly UserId Seller = new("seller"), Ann = new("ann"), Ben = new("ben");
    public static readonly OrderId First = new(Show, 1), Second = new(Show, 2);

    public static TicketSnapshot Ticket(
        long version = 1, long price = 4550, long terms = 1, bool withdrawn = false) => new()
        {
            Id = Show, Version = version, Seller = Seller, Title = "Night of the Proms", Price = new(price, "usd"),
            TermsVersion = terms, ListedAt = Now.AddDays(-1), Withdrawn = withdrawn,
        };

    public static TicketSnapshot Locked(
        this TicketSnapshot ticket, OrderId order, LockState state, CancelReason? why = null) => ticket with
        {
            Version = ticket.Version + 1,
            Lock = new(order.Seq, state, order, Ann, Now + Hold, why),
        };

    public static PaymentSnapshot Payment(PaymentStatus status, OrderId? order = null, long version = 1) => new()
    {
        OrderId = order ?? First, Version = version, Status = status, Amount = new(4550, "usd"), AttemptsLeft = 3,
    };

    /// <summary>A book with a ticket and no order.</summary>
    public static Book Open() => Do(Book.Absent(Show), book => book.Apply(Ticket(), Now));

    /// <summary>A book whose first order, Ann's, is in this status.</summary>
    public static Book In(OrderStatus status) => status switch
    {
        OrderStatus.Created => Do(Open(), book => book.Place(Ann, null, Hold, Now)),
        OrderStatus.AwaitingPayment => Do(In(OrderStatus.Created), Deliver(LockState.Granted)),
        OrderStatus.Complete => Do(In(OrderStatus.AwaitingPayment), Deliver(PaymentStatus.Authorized)),
        OrderStatus.Cancelled => Do(In(OrderStatus.AwaitingPayment), book => book.Cancel(First, Ann, Now)),
        OrderStatus.Refunding => Do(In(OrderStatus.Complete), book => book.Refund(First, Seller, Now, relist: true)),
        OrderStatus.Refunded => Do(In(OrderStatus.Refunding), Deliver(PaymentStatus.Refunded)),
        _ => throw new ArgumentOutOfRangeException(nameof(status)),
    };

    public static Func<Book,
        Decision<Book>> Deliver(LockState state, CancelReason? why = null, OrderId? about = null) =>
        book => book.Apply(book.Ticket!.Locked(about ?? First, state, why), Now);

    public static Func<Book, Decision<Book>> Deliver(PaymentStatus status, OrderId? about = null) =>
        book => book.Apply(Payment(status, about), Now);

    /// <summary>The book after a rule that must not refuse.</summary>
    public static Book Do(Book book, Func<Book, Decision<Book>> rule)
    {
        var decision = rule(book);
        Assert.Null(decision.Refusal);
        return decision.State!;
    }
}
