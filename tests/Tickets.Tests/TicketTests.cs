using System.Text.Json;
using CsCheck;
using Ticketing.Contracts;

namespace Ticketing.Tickets.Tests;

public class TicketTests
{
    [Fact]
    public void The_buyer_gets_the_lock_at_the_price_seen_or_hears_that_it_changed()
    {
        var order = Some.Order(1, OrderStatus.Created);
        var edited = Some.Open.Edit(Some.Seller, Some.OtherTerms, expected: null).State!;

        Assert.Equal("locked 1", Some.Open.After(order).Describe());
        Assert.Equal("ticket-locked", Some.Open.After(order).Edit(Some.Seller, Some.OtherTerms, null).Refusal!.Code);
        Assert.Equal("refused 1", edited.After(order).Describe());
        Assert.Equal(CancelReason.PriceChanged, edited.After(order).Lock!.Reason);
        Assert.Equal("locked 1", edited.After(order with { TermsVersion = 2 }).Describe());
    }

    [Fact]
    public void A_withdrawn_ticket_is_refused_by_that_name()
    {
        var refused = Some.In("withdrawn").After(Some.Order(3, OrderStatus.Created));
        Assert.Equal((LockState.Refused, CancelReason.Withdrawn), (refused.Lock!.State, refused.Lock.Reason));
    }

    [Fact]
    public void A_refused_edit_says_until_when_the_ticket_is_locked()
    {
        var locked = Some.In("locked");
        Assert.Equal(Some.Until, locked.Edit(Some.Seller, Some.OtherTerms, null).Refusal!.Members["lockedUntil"]);
        Assert.Equal(Some.Until, locked.Withdraw(Some.Seller).Refusal!.Members["lockedUntil"]);
    }

    [Fact]
    public void Any_edit_moves_the_terms_and_nothing_else_does()
    {
        var edited = Some.Open.Edit(Some.Seller, Some.Terms with { Seat = "Row 2" }, null).State!;
        Assert.Equal((2, 2), (edited.Version, edited.TermsVersion));
        Assert.Equal(1, Some.In("sold").TermsVersion);
    }

    [Fact]
    public void One_write_of_the_book_that_ends_an_order_and_places_the_next_is_taken_in_either_order()
    {
        var over = Some.Order(1, OrderStatus.Cancelled) with { BookVersion = 5 };
        var next = Some.Order(2, OrderStatus.Created) with { BookVersion = 5 };
        var held = Some.Open.After(Some.Order(1, OrderStatus.Created));

        Assert.Equal("locked 2", held.After(over, next).Describe());
        Assert.Equal("locked 2", held.After(next, over).Describe());
    }

    [Fact]
    public void An_old_order_said_again_at_todays_book_version_does_not_shadow_the_new_one()
    {
        var again = Some.Order(1, OrderStatus.Cancelled) with { BookVersion = 25, Again = true };
        var placed = Some.Order(2, OrderStatus.Created) with { BookVersion = 21 };
        var over = Some.Order(2, OrderStatus.Cancelled) with { BookVersion = 23 };

        var ticket = Some.Open.After(Some.Order(1, OrderStatus.Created), again, placed);
        Assert.Equal("locked 2", ticket.Describe());
        Assert.Equal(25, ticket.BookVersion);
        Assert.Equal("ended 2", ticket.After(over).Describe());
    }

    [Fact]
    public void Only_a_lock_five_seconds_past_its_end_waits_for_somebody()
    {
        var late = Some.Until + TimeSpan.FromSeconds(5);
        Assert.False(Some.In("locked").IsSettled(late));
        Assert.True(Some.In("locked").IsSettled(late - TimeSpan.FromTicks(1)));
        foreach (var status in new[] { "open", "refused", "ended", "sold", "withdrawn" })
            Assert.True(Some.In(status).IsSettled(late + TimeSpan.FromDays(365)), status);
    }

    [Fact]
    public void What_is_said_again_is_the_current_snapshot_and_marked()
    {
        var message = Assert.Single(Some.In("locked").Repeat());
        Assert.Equal(("tickets:t1:2:again", TicketEvents.Locked), (message.Id, message.Type));
        var snapshot = message.Data.Deserialize(ContractsJson.Default.TicketSnapshot)!;
        Assert.Equal(Some.In("locked").Snapshot() with { Again = true }, snapshot);
    }

    [Fact]
    public void A_document_reads_as_it_was_written()
    {
        foreach (var status in new[] { "open", "locked", "refused", "ended", "sold", "withdrawn" })
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(
                new Document<Ticket>(Some.In(status), [], ["entry"]), TicketsJson.Default.DocumentTicket);
            Assert.Equal(Some.In(status), JsonSerializer.Deserialize(bytes, TicketsJson.Default.DocumentTicket)!.State);
        }
    }

    [Theory]
    [InlineData(RefundCause.BySeller, false, TicketStatus.Withdrawn)]
    [InlineData(RefundCause.BySeller, true, TicketStatus.Open)]
    [InlineData(RefundCause.AtStripe, false, TicketStatus.Open)]
    [InlineData(RefundCause.NothingTaken, false, TicketStatus.Open)]
    [InlineData(null, false, TicketStatus.Open)]        // an older build's event
    public void After_a_refund_by_its_seller_it_is_off_sale_until_the_seller_says(
        RefundCause? cause, bool relist, TicketStatus expected)
    {
        var refunded = Some.Order(2, OrderStatus.Refunded) with { RefundCause = cause, Relist = relist };
        var ticket = Some.In("sold").Apply(refunded, Some.Noon).State!;
        Assert.Equal((expected, LockState.Ended, null), (ticket.Status, ticket.Lock!.State, ticket.SoldTo));
        Assert.Same(ticket, ticket.Apply(refunded, Some.Noon).State);
    }

    // All orders of one book, one after the other: each is given up, or sold and refunded, or sold as the last one.
    static readonly Gen<OrderSnapshot[]> History =
        Gen.Select(Gen.Int[0, 2].Array[1, 4], Gen.Bool, (fates, sells) =>
            fates.SelectMany((fate, i) => Life(i + 1, fate)).Concat(sells ? Life(fates.Length + 1, 3) : []).ToArray());

    static IEnumerable<OrderSnapshot> Life(int seq, int fate)
    {
        OrderStatus[] statuses = fate switch
        {
            0 => [OrderStatus.Created, OrderStatus.Cancelled],
            1 => [OrderStatus.Created, OrderStatus.AwaitingPayment, OrderStatus.Cancelled],
            2 => [OrderStatus.Created, OrderStatus.AwaitingPayment, OrderStatus.Complete, OrderStatus.Refunding,
                OrderStatus.Refunded],
            _ => [OrderStatus.Created, OrderStatus.AwaitingPayment, OrderStatus.Complete],
        };
        return statuses.Select(status => Some.Order(seq, status));
    }

    [Fact]
    public void Any_order_of_delivery_with_any_duplicates_ends_where_the_right_one_ends()
    {
        var deliveries = from history in History
                         from extra in Gen.Int[0, history.Length - 1].Array[0, 12]
                         from shuffled in Gen.Shuffle(history.Concat(extra.Select(i => history[i])).ToArray())
                         select (history, shuffled);
        deliveries.Sample(delivery =>
        {
            var right = Some.Open.After(delivery.history);
            var other = Some.Open.After(delivery.shuffled);
            Assert.Equal(right, other with { Version = right.Version });
        });
    }

    [Fact]
    public void Whatever_was_lost_the_last_word_about_the_last_order_is_enough()
    {
        var lossy = from history in History
                    from kept in Gen.Bool.Array[history.Length]
                    select (history, heard: history.Where((_, i) => kept[i] || i == history.Length - 1).ToArray());
        lossy.Sample(world =>
        {
            var right = Some.Open.After(world.history);
            var other = Some.Open.After(world.heard);
            Assert.Equal(right, other with { Version = right.Version });
        });
    }
}
