using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

/// <summary>
/// Every status of the book's first order (Ann's) with every message. A dot leaves the orders unchanged; an exclamation
/// mark is a refusal and changes nothing; <c>2</c> is a second order, placed after the first.
/// </summary>
public class BookTableTests
{
    static readonly DateTimeOffset Due = Now + Hold;

    static readonly Dictionary<string, Func<Book, Decision<Book>>> Messages = new()
    {
        ["ann places"] = book => book.Place(Ann, null, Hold, Now),
        ["ben places"] = book => book.Place(Ben, null, Hold, Now),
        ["ben places late"] = book => book.Place(Ben, null, Hold, Due),
        ["ann cancels"] = book => book.Cancel(First, Ann, Now),
        ["ben cancels"] = book => book.Cancel(First, Ben, Now),
        ["seller refunds"] = book => book.Refund(First, Seller, Now),
        ["ann refunds"] = book => book.Refund(First, Ann, Now),
        ["ben refunds"] = book => book.Refund(First, Ben, Now),
        ["granted"] = Deliver(LockState.Granted),
        ["refused"] = Deliver(LockState.Refused, CancelReason.PriceChanged),
        ["ended"] = Deliver(LockState.Ended),
        ["other granted"] = Deliver(LockState.Granted, about: Second),
        ["opened"] = Deliver(PaymentStatus.Opened),
        ["requires action"] = Deliver(PaymentStatus.RequiresAction),
        ["authorized"] = Deliver(PaymentStatus.Authorized),
        ["captured"] = Deliver(PaymentStatus.Captured),
        ["failed"] = Deliver(PaymentStatus.Failed),
        ["voided"] = Deliver(PaymentStatus.Voided),
        ["refunded"] = Deliver(PaymentStatus.Refunded),
        ["elapsed early"] = book => book.Expire(First, Due.AddTicks(-1)),
        ["elapsed"] = book => book.Expire(First, Due),
    };

    [Theory]
    [InlineData("Created",
        "ann places → .", "ben places → !ticket-reserved", "ben places late → Cancelled(Expired) 2",
        "ann cancels → Cancelled(ByBuyer)", "ben cancels → !order-not-found",
        "seller refunds → !order-not-complete", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → AwaitingPayment", "refused → Cancelled(PriceChanged)", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → .", "captured → .", "failed → Cancelled(PaymentFailed)",
        "voided → Cancelled(PaymentFailed)", "refunded → Cancelled(PaymentFailed)",
        "elapsed early → .", "elapsed → Cancelled(Expired)")]
    [InlineData("AwaitingPayment",
        "ann places → .", "ben places → !ticket-reserved", "ben places late → Cancelled(Expired) 2",
        "ann cancels → Cancelled(ByBuyer)", "ben cancels → !order-not-found",
        "seller refunds → !order-not-complete", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → .", "refused → .", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → Complete", "captured → .",
        "failed → Cancelled(PaymentFailed)", "voided → Cancelled(PaymentFailed)", "refunded → Cancelled(PaymentFailed)",
        "elapsed early → .", "elapsed → Cancelled(Expired)")]
    [InlineData("Complete",
        "ann places → !ticket-sold", "ben places → !ticket-sold", "ben places late → !ticket-sold",
        "ann cancels → !order-complete", "ben cancels → !order-not-found",
        "seller refunds → Refunding", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → .", "refused → .", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → .", "captured → .", "failed → .",
        "voided → Refunded", "refunded → Refunded", "elapsed early → .", "elapsed → .")]
    [InlineData("Cancelled",
        "ann places → . 2", "ben places → . 2", "ben places late → . 2",
        "ann cancels → .", "ben cancels → !order-not-found",
        "seller refunds → !order-not-complete", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → .", "refused → .", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → .", "captured → .", "failed → .",
        "voided → .", "refunded → .", "elapsed early → .", "elapsed → .")]
    [InlineData("Refunding",
        "ann places → !ticket-sold", "ben places → !ticket-sold", "ben places late → !ticket-sold",
        "ann cancels → !order-complete", "ben cancels → !order-not-found",
        "seller refunds → .", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → .", "refused → .", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → .", "captured → .", "failed → .",
        "voided → Refunded", "refunded → Refunded", "elapsed early → .", "elapsed → .")]
    [InlineData("Refunded",
        "ann places → . 2", "ben places → . 2", "ben places late → . 2",
        "ann cancels → !order-complete", "ben cancels → !order-not-found",
        "seller refunds → .", "ann refunds → !not-the-seller", "ben refunds → !order-not-found",
        "granted → .", "refused → .", "ended → .", "other granted → .",
        "opened → .", "requires action → .", "authorized → .", "captured → .", "failed → .",
        "voided → .", "refunded → .", "elapsed early → .", "elapsed → .")]
    public void Every_message_meets_every_status(string status, params string[] cells)
    {
        var before = In(Enum.Parse<OrderStatus>(status));
        var expected = cells.Select(cell => cell.Split(" → ")).ToDictionary(cell => cell[0], cell => cell[1]);
        Assert.Equal(Messages.Keys.Order(), expected.Keys.Order());

        var actual = Messages.ToDictionary(message => message.Key, message => Describe(before, message.Value(before)));

        Assert.Equal(expected, actual);
    }

    static string Describe(Book before, Decision<Book> decision)
    {
        if (decision.Refusal is { } refusal)
        {
            Assert.False(decision.Changed);
            Assert.Empty(decision.Events);
            return $"!{refusal.Code}";
        }
        var after = decision.State!;
        var (was, order) = (before.Find(First)!, after.Find(First)!);
        var changed = after.Orders.Where(one => before.Find(one.Id) != one).ToList();
        var ids = changed.Select(one => Event.IdOf(Topics.Orders, one.Id, one.Version));
        Assert.Equal(ids, decision.Events.Select(message => message.Id));
        var first = order == was ? "." : order.Reason is { } reason ? $"{order.Status}({reason})" : $"{order.Status}";
        return after.Find(Second) is null ? first : $"{first} 2";
    }
}
