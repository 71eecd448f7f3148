using Ticketing.Contracts;
using static Ticketing.Payments.Tests.Some;

namespace Ticketing.Payments.Tests;

/// <summary>
/// A payment between a buyer, a browser, Stripe and an order, each acting when a seed says so; every word of Stripe's
/// and of the order's may come late, twice, out of order or never. In the end the money is where it belongs.
/// </summary>
public class PaymentWorldTests
{
    const int Seeds = 5000, Steps = 40, CalmMax = 10;

    [Fact]
    public void Whatever_happens_the_money_ends_where_it_belongs()
    {
        var ends = new Dictionary<(OrderStatus, PaymentStatus?), int>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < Steps; step++)
                world.Step();
            world.Calm();
            var end = (world.Orders[^1].Status, world.Payment.Status);
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        // Each of these ends was reached, so each of the ways there was gone.
        foreach (var end in (ReadOnlySpan<(OrderStatus, PaymentStatus?)>)[
            (OrderStatus.Complete, PaymentStatus.Captured), (OrderStatus.Cancelled, PaymentStatus.Voided),
            (OrderStatus.Cancelled, PaymentStatus.Failed), (OrderStatus.Refunded, PaymentStatus.Refunded),
            (OrderStatus.Refunded, PaymentStatus.Voided), (OrderStatus.Cancelled, null)])
            Assert.True(ends.GetValueOrDefault(end) > 10, $"{end} was hardly reached.");
    }

    sealed class World(int seed)
    {
        readonly Random random = new(seed);
        readonly List<IntentState> said = [];
        IntentState? intent;
        int cards;

        public Payment Payment { get; private set; } = Payment.Absent(Order);
        public List<PayableOrder> Orders { get; } = [Known(OrderStatus.AwaitingPayment, 1)];

        public void Step()
        {
            switch (random.Next(9))
            {
                case 0: Put(p => p.Open(Buyer, AttemptsMax, Now)); break;
                case 1: Put(p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now)); break;
                case 2: Perform(); break;
                case 3: Browser(); break;
                case 4 when said.Count > 0: Put(p => p.Observe(said[random.Next(said.Count)], Now)); break;
                case 5 when intent is not null: Put(p => p.Observe(intent, Now)); break;
                case 6: Put(p => p.Apply(Orders[random.Next(Orders.Count)], random.Next(2) is 0, Now)); break;
                case 7: Put(p => p.Apply(Orders[^1], false, Now)); break;
                case 8 when random.Next(4) is 0: OrderMoves(); break;
            }
        }

        /// <summary>Everybody hears the last word, and does what is due.</summary>
        public void Calm()
        {
            if (Orders[^1].Status is OrderStatus.AwaitingPayment)
                OrderMoves(end: true);
            bool IsQuiet() => Payment.IsSettled(Now) && Orders[^1].Status is not OrderStatus.Refunding;
            for (var i = 0; i < CalmMax && !IsQuiet(); i++)
            {
                Put(p => p.Apply(Orders[^1], true, Now));
                Perform();
                if (intent is not null)
                    Put(p => p.Observe(intent, Now));
                if (Orders[^1].Status is OrderStatus.Refunding)
                    OrderMoves();
            }

            Put(p => p.Apply(Orders[^1], false, Now));
            var kept = intent is { Status: IntentStatus.Succeeded, RefundId: null };
            Assert.True(Payment.IsSettled(Now), $"Seed {seed}: {Payment} waits.");
            Assert.True(kept == (Orders[^1].Status is OrderStatus.Complete),
                $"Seed {seed}: {Orders[^1]}, {intent}, {Payment}.");
            Assert.False(intent?.Status is IntentStatus.RequiresCapture, $"Seed {seed}: the card is held for nothing.");
        }

        void Put(Func<Payment, Decision<Payment>> rule)
        {
            var before = Payment;
            var decision = rule(before);
            Payment = decision.State ?? before;
            Assert.True(Payment.Version >= before.Version && Payment.Declines.Length <= AttemptsMax, $"Seed {seed}.");
        }

        // Stripe does what the effect says if it can; the reply may get lost.
        void Perform()
        {
            if (Payment.Pending is not { } effect)
                return;
            switch (effect.Kind, intent?.Status)
            {
                case (EffectKind.Create, null): Say(Says(IntentStatus.Open)); break;
                case (EffectKind.Confirm, IntentStatus.Open or IntentStatus.RequiresAction): TryCard(); break;
                case (EffectKind.Capture, IntentStatus.RequiresCapture):
                    Say(intent with { Status = IntentStatus.Succeeded });
                    break;
                case (EffectKind.Cancel, not (null or IntentStatus.Succeeded or IntentStatus.Canceled)):
                    Say(intent with { Status = IntentStatus.Canceled, Decline = null });
                    break;
                case (EffectKind.Refund, IntentStatus.Succeeded): Say(intent with { RefundId = "re_1" }); break;
            }

            if (random.Next(3) > 0 && intent is not null)
                Put(p => p.Observe(intent, Now, effect.Attempt?.Number));
        }

        void Browser()
        {
            if (Payment.ClientSecret is not null
                && intent is { Status: IntentStatus.Open or IntentStatus.RequiresAction })
                TryCard();
        }

        void TryCard() => Say(random.Next(6) switch
        {
            0 => Declined("insufficient_funds", $"ch_{++cards}"),
            1 when random.Next(3) is 0 => Declined("stolen_card", $"ch_{++cards}"),
            2 => Says(IntentStatus.RequiresAction),
            _ => Says(IntentStatus.RequiresCapture),
        });

        // As orders has it: complete when it hears "authorized", cancelled when it hears "failed" or its time is up.
        void OrderMoves(bool end = false)
        {
            var order = Orders[^1];
            OrderStatus? next = (order.Status, Payment.Status) switch
            {
                (OrderStatus.AwaitingPayment, PaymentStatus.Authorized) when !end => OrderStatus.Complete,
                (OrderStatus.AwaitingPayment, _) when end || random.Next(4) is 0 => OrderStatus.Cancelled,
                (OrderStatus.Complete, _) when random.Next(3) is 0 => OrderStatus.Refunding,
                (OrderStatus.Refunding, PaymentStatus.Refunded or PaymentStatus.Voided) => OrderStatus.Refunded,
                _ => null,
            };
            if (next is { } status)
                Orders.Add(order with { Status = status, BookVersion = order.BookVersion + 1 });
        }

        void Say(IntentState news) => said.Add(intent = news);
    }
}
