using System.Text.Json;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class BookTests
{
    [Fact]
    public void After_a_refund_without_relisting_nobody_orders_before_the_ticket_has_heard()
    {
        var refunded = Do(Do(In(OrderStatus.Complete), book => book.Refund(First, Seller, Now)), Deliver(PaymentStatus.Refunded));
        Assert.Equal(Book.Withdrawn, refunded.Place(Ben, null, Hold, Now).Refusal);
        var heard = Do(refunded, book => book.Apply(
            book.Ticket!.Locked(First, LockState.Ended) with { Withdrawn = true }, Now));
        Assert.Equal(Book.Withdrawn, heard.Place(Ben, null, Hold, Now).Refusal);
        Assert.True(heard.IsSettled(Now));
    }

    static OrderSnapshot SnapshotIn(Event message) => message.Data.Deserialize(ContractsJson.Default.OrderSnapshot)!;

    [Fact]
    public void A_book_that_does_not_know_its_ticket_sells_nothing() =>
        Assert.Equal(Book.UnknownTicket, Book.Absent(Show).Place(Ann, null, Hold, Now).Refusal);

    [Fact]
    public void The_price_is_the_tickets_own_and_frozen_with_the_order()
    {
        var order = In(OrderStatus.Created).Current!;
        Assert.Equal(new Money(4550, "usd"), order.Price);
        Assert.Equal(1, order.TermsVersion);
        Assert.Equal(Now + Hold, order.ExpiresAt);

        var edited = Do(In(OrderStatus.Created), book => book.Apply(Ticket(version: 2, price: 100_000, terms: 2), Now));
        Assert.Equal(order.Price, edited.Current!.Price);
        Assert.Equal(1, edited.Current.TermsVersion);
    }

    [Fact]
    public void A_buyer_who_saw_another_price_is_told_the_right_one()
    {
        var refusal = Open().Place(Ann, new(Price: 4000), Hold, Now).Refusal!;
        Assert.Equal("terms-changed", refusal.Code);
        Assert.Equal(4550L, refusal.Members["price"]);
        Assert.Null(Open().Place(Ann, new(Price: 4550), Hold, Now).Refusal);
    }

    [Fact]
    public void Who_comes_second_is_told_until_when_the_ticket_is_held() =>
        Assert.Equal(Now + Hold, In(OrderStatus.Created).Place(Ben, null, Hold, Now).Refusal!.Members["heldUntil"]);

    [Theory]   // the first of these that applies is the answer
    [InlineData(OrderStatus.AwaitingPayment, "ticket-reserved")]
    [InlineData(OrderStatus.Complete, "ticket-sold")]
    [InlineData(OrderStatus.Cancelled, "ticket-withdrawn")]
    public void A_hold_is_told_before_a_withdrawal_before_a_price(OrderStatus status, string code)
    {
        var book = Do(In(status), book => book.Apply(Ticket(version: 9, price: 1, terms: 2, withdrawn: true), Now));
        Assert.Equal(code, book.Place(Ben, new(Price: 4550), Hold, Now).Refusal!.Code);
    }

    [Fact]
    public void A_hold_that_ran_out_ends_in_the_write_that_places_the_next_order()
    {
        var before = In(OrderStatus.AwaitingPayment);
        var decision = before.Place(Ben, null, Hold, Now + Hold);

        Assert.Equal([OrderEvents.Cancelled, OrderEvents.Created], decision.Events.Select(e => e.Type));
        var (ended, placed) = (SnapshotIn(decision.Events[0]), SnapshotIn(decision.Events[1]));
        Assert.Equal((First, OrderStatus.Cancelled, CancelReason.Expired), (ended.Id, ended.Status, ended.Reason));
        Assert.Equal((Second, Ben), (placed.Id, placed.Buyer));
        Assert.True(before.Version < ended.BookVersion && ended.BookVersion < placed.BookVersion);
        Assert.Equal(placed.BookVersion, decision.State!.Version);
    }

    [Fact]
    public void A_refused_order_carries_the_tickets_reason()
    {
        var book = Do(In(OrderStatus.Created), Deliver(LockState.Refused, CancelReason.Withdrawn));
        Assert.Equal((OrderStatus.Cancelled, CancelReason.Withdrawn), (book.Current!.Status, book.Current.Reason));
    }

    [Fact]
    public void An_old_snapshot_of_the_ticket_is_simply_old()
    {
        var book = Do(Open(), book => book.Apply(Ticket(version: 5, price: 9000, terms: 3), Now));
        var late = book.Apply(Ticket(version: 4, price: 1, terms: 2), Now);
        Assert.False(late.Changed);
        Assert.Same(book, late.State);
    }

    [Fact]
    public void A_grant_that_comes_after_the_deadline_does_not_revive_the_order()
    {
        var late = Ticket().Locked(First, LockState.Granted);
        var book = Do(In(OrderStatus.Created), book => book.Apply(late, Now + Hold));
        Assert.Equal(CancelReason.Expired, book.Current!.Reason);
    }

    [Fact]
    public void A_word_of_the_ticket_ends_a_hold_that_ran_out()
    {
        var overdue = Ticket().Locked(First, LockState.Granted) with { Again = true };
        var decision = In(OrderStatus.AwaitingPayment).Apply(overdue, Now + Hold);
        Assert.Equal(OrderEvents.Cancelled, Assert.Single(decision.Events).Type);
        Assert.Empty(decision.Answers);
    }

    [Theory]
    [InlineData(OrderStatus.Created, false)]
    [InlineData(OrderStatus.AwaitingPayment, true)]
    [InlineData(OrderStatus.Complete, false)]
    [InlineData(OrderStatus.Cancelled, false)]
    [InlineData(OrderStatus.Refunding, false)]
    [InlineData(OrderStatus.Refunded, false)]
    public void A_book_waits_until_others_know(OrderStatus status, bool settled)
    {
        var book = In(status);
        Assert.Equal(settled, book.IsSettled(Now));
        var again = SnapshotIn(Assert.Single(book.Repeat()));
        Assert.True(again.Again);
        Assert.Equal(status, again.Status);
    }

    [Fact]
    public void A_complete_order_is_settled_once_the_ticket_says_sold()
    {
        var sold = Ticket(version: 9) with { SoldTo = First };
        Assert.True(Do(In(OrderStatus.Complete), book => book.Apply(sold, Now)).IsSettled(Now));
    }

    [Theory]
    [InlineData(1, LockState.Granted, false)]
    [InlineData(1, LockState.Refused, true)]
    [InlineData(1, LockState.Ended, true)]
    [InlineData(2, LockState.Granted, true)]
    public void A_cancelled_order_is_settled_once_the_ticket_let_go(int seq, LockState state, bool settled)
    {
        var ticket = Ticket(version: 9).Locked(new(Show, seq), state);
        Assert.Equal(settled, Do(In(OrderStatus.Cancelled), book => book.Apply(ticket, Now)).IsSettled(Now));
    }

    [Fact]
    public void A_question_about_an_old_order_is_answered_with_that_order()
    {
        var book = Do(In(OrderStatus.Cancelled), book => book.Place(Ben, null, Hold, Now));
        var decision = book.Apply(Payment(PaymentStatus.Authorized) with { Again = true }, Now);

        Assert.False(decision.Changed);
        var answer = SnapshotIn(Assert.Single(decision.Answers));
        Assert.Equal((First, OrderStatus.Cancelled, false), (answer.Id, answer.Status, answer.Again));
        // Not the book's version: tickets would take it for newer and ignore the second order.
        Assert.Equal(book.Find(First)!.Version, answer.BookVersion);
        Assert.True(answer.BookVersion < book.Current!.Version);
    }

    [Fact]
    public void A_ticket_that_asks_is_answered_about_the_order_it_is_locked_for()
    {
        var book = Do(In(OrderStatus.Cancelled), book => book.Place(Ben, null, Hold, Now));
        var asking = Ticket(version: 1).Locked(First, LockState.Granted) with { Again = true };
        Assert.Equal(First, SnapshotIn(Assert.Single(book.Apply(asking, Now).Answers)).Id);
    }

    [Fact]
    public void What_changed_by_the_question_is_not_said_twice()
    {
        var asking = Payment(PaymentStatus.Authorized) with { Again = true };
        var decision = In(OrderStatus.AwaitingPayment).Apply(asking, Now);
        Assert.Single(decision.Events);
        Assert.Empty(decision.Answers);
    }

    [Fact]
    public void An_order_over_long_ago_is_said_again_to_who_still_waits_for_its_end()
    {
        var answer = SnapshotIn(Assert.Single(In(OrderStatus.Cancelled).Expire(First, Now.AddDays(1)).Answers));
        Assert.Equal(OrderStatus.Cancelled, answer.Status);
        Assert.Empty(In(OrderStatus.AwaitingPayment).Expire(First, Now).Answers);
    }

    [Fact]
    public void An_order_remembers_what_happened_and_why()
    {
        var steps = In(OrderStatus.Refunded).Current!.Timeline;
        Assert.Equal(
            [
                (OrderStatus.Created, null), (OrderStatus.AwaitingPayment, "tickets:show1:2"),
                (OrderStatus.Complete, "payments:show1-1:1"), (OrderStatus.Refunding, null),
                (OrderStatus.Refunded, "payments:show1-1:1"),
            ],
            steps.Select(step => (step.Status, step.Cause)));
        Assert.All(steps, step => Assert.StartsWith("orders:show1-1:", step.Event, StringComparison.Ordinal));
        Assert.Distinct(steps.Select(step => step.Event));
    }

    [Fact]
    public void A_declined_card_is_noted_once_and_nobody_else_is_told()
    {
        var declined = Payment(PaymentStatus.Opened, version: 2) with { DeclineCode = "insufficient_funds" };
        var decision = In(OrderStatus.AwaitingPayment).Apply(declined, Now);
        Assert.True(decision.Changed);
        Assert.Empty(decision.Events);
        var step = decision.State!.Current!.Timeline[^1];
        Assert.Equal(("insufficient_funds", "payments:show1-1:2"), (step.Decline, step.Event));

        Assert.False(decision.State.Apply(declined, Now).Changed);
        Assert.Single(decision.State.Apply(declined with { Again = true }, Now).Answers);
        Assert.False(In(OrderStatus.Cancelled).Apply(declined, Now).Changed);
    }

    [Fact]
    public void A_timeline_does_not_grow_for_ever()
    {
        var book = In(OrderStatus.AwaitingPayment);
        foreach (var version in Enumerable.Range(2, 98))
        {
            var declined = Payment(PaymentStatus.Opened, version: version) with { DeclineCode = "x" };
            book = Do(book, b => b.Apply(declined, Now));
        }
        Assert.Equal(30, book.Current!.Timeline.Length);
    }

    [Fact]
    public void A_long_book_sheds_its_oldest_orders_together_and_numbers_on()
    {
        var book = Open();
        while (book.Overflow.IsEmpty)
            book = Do(Do(book, b => b.Place(Ann, null, Hold, Now)), b => b.Cancel(b.Current!.Id, Ann, Now));
        Assert.Equal(Enumerable.Range(1, Book.MovedTogether), book.Overflow.Select(order => order.Id.Seq));

        var shorter = Do(book, b => b.Without(b.Overflow));
        Assert.Equal(book.Version, shorter.Version);
        Assert.Equal(Book.OrdersKept, shorter.Orders.Length);
        Assert.Empty(shorter.Overflow);
        var next = Do(shorter, b => b.Place(Ben, null, Hold, Now)).Current!;
        Assert.Equal(Book.OrdersKept + Book.MovedTogether + 1, next.Id.Seq);
    }
}
