using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Ticketing.Contracts;
using static Ticketing.Orders.Tests.Samples;

namespace Ticketing.Orders.Tests;

public class BookPropertyTests
{
    /// <summary>Any message to a book, about its newest order or the one before.</summary>
    static readonly Gen<Func<Book, DateTimeOffset, Decision<Book>>> Happening =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 2], Gen.OneOf(Gen.Const(Ann), Gen.Const(Ben), Gen.Const(Seller)), Happen);

    static Func<Book, DateTimeOffset, Decision<Book>> Happen(int what, int back, UserId who) => (book, now) =>
    {
        var id = new OrderId(Show, Math.Max(1, (book.Current?.Id.Seq ?? 1) - back));
        return what switch
        {
            0 or 1 => book.Place(who, null, Hold, now),
            2 => book.Cancel(id, who, now),
            3 => book.Refund(id, who, now),
            4 => book.Apply(book.Ticket!.Locked(id, LockState.Granted), now),
            5 => book.Apply(book.Ticket!.Locked(id, LockState.Refused, CancelReason.PriceChanged), now),
            6 => book.Apply(book.Ticket!.Locked(id, LockState.Ended) with { Version = 1, Again = true }, now),
            7 => book.Apply(Payment(PaymentStatus.Authorized, id) with { Again = true }, now),
            8 => book.Apply(Payment(PaymentStatus.Failed, id), now),
            9 => book.Apply(Payment(PaymentStatus.Refunded, id), now),
            10 => book.Expire(id, now),
            _ => book.Apply(Ticket(book.Ticket!.Version + 1, price: 1000 + back, terms: back + 1), now),
        };
    };

    [Fact]
    public void Whatever_happens_one_holds_the_ticket_and_nothing_is_undone() =>
        Gen.Select(Happening, Gen.Int[0, 10]).Array[1, 60].Sample(happenings =>
        {
            var (book, now, ids) = (Open(), Now, new HashSet<string>());
            foreach (var (happen, minutes) in happenings)
            {
                now += TimeSpan.FromMinutes(minutes);
                var decision = happen(book, now);
                var next = decision.State ?? book;
                Check(book, next, decision);
                Assert.All(decision.Events, message => Assert.True(ids.Add(message.Id), message.Id));
                book = next;
            }
        });

    [Fact]
    public void A_payment_that_is_said_to_change_no_order_changes_none() =>
        Gen.Select(Happening, Gen.Int[0, 10]).Array[1, 30].Sample(happenings =>
        {
            var (book, now) = (Open(), Now);
            foreach (var (happen, minutes) in happenings)
            {
                now += TimeSpan.FromMinutes(minutes);
                book = happen(book, now).State ?? book;
                foreach (var payment in Enum.GetValues<PaymentStatus>().Select(status => Payment(status, book.Current?.Id)))
                    Assert.True(Order.IsChangedBy(payment) || !book.Apply(payment, now).Changed, payment.ToString());
            }
        });

    static void Check(Book before, Book after, Decision<Book> decision)
    {
        Assert.Equal(decision.Changed, before != after);
        Assert.True(after.Version >= before.Version);
        Assert.All(after.Orders.SkipLast(1), order => Assert.True(order.IsOver));
        Assert.Equal(Enumerable.Range(1, after.Orders.Length), after.Orders.Select(order => order.Id.Seq));
        var versions = after.Orders.Select(order => order.Version).ToList();
        Assert.Equal(versions.Order().Distinct(), versions);
        foreach (var order in before.Orders)
        {
            var now = after.Find(order.Id)!;
            var frozen = order with
            {
                Status = now.Status,
                Reason = now.Reason,
                RefundCause = now.RefundCause,
                Version = now.Version,
                Timeline = now.Timeline,
            };
            Assert.Equal(frozen, now);
            Assert.True(now == order || Leads(order.Status, now.Status), $"{order.Status} became {now.Status}.");
            Assert.Equal(now != order, decision.Events.Any(message => message.Subject == order.Id));
        }
    }

    static bool Leads(OrderStatus from, OrderStatus to) => (from, to) switch
    {
        (OrderStatus.Created, OrderStatus.AwaitingPayment or OrderStatus.Cancelled) => true,
        (OrderStatus.AwaitingPayment, OrderStatus.Complete or OrderStatus.Cancelled) => true,
        (OrderStatus.Complete, OrderStatus.Refunding or OrderStatus.Refunded) => true,
        (OrderStatus.Refunding, OrderStatus.Refunded) => true,
        _ => false,
    };

    // A grant, an authorization and a sale, repeated and in any order; then unsettled aggregates repeat theirs.
    [Fact]
    public void Any_order_of_delivery_ends_where_the_right_one_does()
    {
        var placed = In(OrderStatus.Created);
        Func<Book, Decision<Book>>[] inOrder =
        [
            book => book.Apply(Ticket().Locked(First, LockState.Granted), Now),
            book => book.Apply(Payment(PaymentStatus.Opened), Now),
            book => book.Apply(Payment(PaymentStatus.Authorized, version: 2), Now),
            book => book.Apply(Payment(PaymentStatus.Captured, version: 3), Now),
            book => book.Apply(Ticket(version: 3).Locked(First, LockState.Granted) with { SoldTo = First }, Now),
        ];
        var right = inOrder.Aggregate(placed, Do);
        Assert.Equal(OrderStatus.Complete, right.Current!.Status);
        Assert.True(right.IsSettled(Now));

        Gen.Int[0, inOrder.Length - 1].Array[0, 20].Sample(deliveries =>
        {
            var book = deliveries.Aggregate(placed, (book, delivery) => Do(book, inOrder[delivery]));
            book = inOrder.Aggregate(book, Do);
            Assert.Equal((right.Current.Status, right.Ticket), (book.Current!.Status, book.Ticket));
            Assert.True(book.IsSettled(Now));
        });
    }

    // At the deadline all messages arrive at once: the first decides, and the others change nothing.
    [Fact]
    public void However_the_last_moment_falls_there_is_one_verdict()
    {
        var due = Now + Hold;
        var comers = new Dictionary<string, Func<Book, Decision<Book>>>
        {
            ["authorized"] = book => book.Apply(Payment(PaymentStatus.Authorized), due),
            ["failed"] = book => book.Apply(Payment(PaymentStatus.Failed), due),
            ["cancel"] = book => book.Cancel(First, Ann, due),
            ["elapsed"] = book => book.Expire(First, due),
            ["ben places"] = book => book.Place(Ben, null, Hold, due),
            ["granted"] = book => book.Apply(Ticket().Locked(First, LockState.Granted), due),
        };
        foreach (var order in Permutations([.. comers.Keys]))
        {
            var (book, verdicts) = (In(OrderStatus.AwaitingPayment), new List<string>());
            foreach (var comer in order)
            {
                var decision = comers[comer](book);
                verdicts.AddRange(decision.Events.Where(e => e.Subject == First).Select(e => e.Type));
                book = decision.State ?? book;
            }
            var paid = book.Find(First)!.Status == OrderStatus.Complete;
            Assert.Equal(paid ? OrderEvents.Completed : OrderEvents.Cancelled, Assert.Single(verdicts));
            Assert.Equal(paid, book.Find(Second) is null);
        }
    }

    static IEnumerable<ImmutableList<T>> Permutations<T>(ImmutableList<T> items) => items.IsEmpty
        ? [[]]
        : items.SelectMany(item => Permutations(items.Remove(item)).Select(rest => rest.Insert(0, item)));

    [Fact]
    public void A_book_reads_back_as_it_was_written()
    {
        var book = Do(In(OrderStatus.Cancelled), book => book.Place(Ben, null, Hold, Now));
        var document = new Document<Book>(book, [.. book.Repeat()], []);
        var json = JsonSerializer.Serialize(document, OrdersJson.Default.DocumentBook);
        var read = JsonSerializer.Deserialize(json, OrdersJson.Default.DocumentBook)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, OrdersJson.Default.DocumentBook));
        Assert.Equal(book.Find(First)!.Timeline, read.State!.Find(First)!.Timeline);
        Assert.DoesNotContain("overflow", json, StringComparison.OrdinalIgnoreCase);
    }
}
