using Ticketing.Contracts;
using static Ticketing.Payments.Tests.Samples;

namespace Ticketing.Payments.Tests;

/// <summary>
/// A payment, its buyer, browser, Stripe and order, each acting when the seed says so. Messages of Stripe and of the
/// order may be late, repeated, out of order or lost. In the end the money is where it belongs.
/// </summary>
public class PaymentWorldTests
{
    const int Seeds = 5000, Steps = 40, SettleRoundsMax = 10;

    [Fact]
    public void Whatever_happens_the_money_ends_where_it_belongs()
    {
        var ends = new Dictionary<(OrderStatus, PaymentStatus?), int>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var world = new World(seed);
            for (var step = 0; step < Steps; step++)
                world.Step();
            world.Settle();
            var end = (world.Orders[^1].Status, world.Payment.Status);
            ends[end] = ends.GetValueOrDefault(end) + 1;
        }

        // Each of these outcomes was reached, so the random runs cover all ways.
        foreach (var end in (ReadOnlySpan<(OrderStatus, PaymentStatus?)>)[
            (OrderStatus.Complete, PaymentStatus.Captured), (OrderStatus.Cancelled, PaymentStatus.Voided),
            (OrderStatus.Cancelled, PaymentStatus.Failed), (OrderStatus.Refunded, PaymentStatus.Refunded),
            (OrderStatus.Refunded, PaymentStatus.Voided), (OrderStatus.Cancelled, null)])
            Assert.True(ends.GetValueOrDefault(end) > 10, $"{end} was hardly reached.");
    }

    sealed class World(int seed)
    {
        readonly Random random = new(seed);
        readonly List<IntentState> reported = [];
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
                case 3: ConfirmInBrowser(); break;
                case 4 when reported.Count > 0: Put(p => p.Observe(reported[random.Next(reported.Count)], Now)); break;
                case 5 when intent is not null: Put(p => p.Observe(intent, Now)); break;
                case 6: Put(p => p.Apply(Orders[random.Next(Orders.Count)], random.Next(2) is 0, Now)); break;
                case 7: Put(p => p.Apply(Orders[^1], false, Now)); break;
                case 8 when random.Next(4) is 0: ChangeOrder(); break;
            }
        }

        /// <summary>Delivers the latest states until nothing is pending.</summary>
        public void Settle()
        {
            if (Orders[^1].Status is OrderStatus.AwaitingPayment)
                ChangeOrder(end: true);
            bool IsQuiet() => Payment.IsSettled(Now) && Orders[^1].Status is not OrderStatus.Refunding;
            for (var i = 0; i < SettleRoundsMax && !IsQuiet(); i++)
            {
                Put(p => p.Apply(Orders[^1], true, Now));
                Perform();
                if (intent is not null)
                    Put(p => p.Observe(intent, Now));
                if (Orders[^1].Status is OrderStatus.Refunding)
                    ChangeOrder();
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

        // Stripe performs the pending call if it can; the reply may be lost.
        void Perform()
        {
            if (Payment.Pending is not { } effect)
                return;
            switch (effect.Kind, intent?.Status)
            {
                case (EffectKind.Create, null): Report(IntentIn(IntentStatus.Open)); break;
                case (EffectKind.Confirm, IntentStatus.Open or IntentStatus.RequiresAction): TryCard(); break;
                case (EffectKind.Capture, IntentStatus.RequiresCapture):
                    Report(intent with { Status = IntentStatus.Succeeded });
                    break;
                case (EffectKind.Cancel, not (null or IntentStatus.Succeeded or IntentStatus.Canceled)):
                    Report(intent with { Status = IntentStatus.Canceled, Decline = null });
                    break;
                case (EffectKind.Refund, IntentStatus.Succeeded): Report(intent with { RefundId = "re_1" }); break;
            }

            if (random.Next(3) > 0 && intent is not null)
                Put(p => p.Observe(intent, Now, effect.Attempt?.Number));
        }

        void ConfirmInBrowser()
        {
            if (Payment.ClientSecret is not null
                && intent is { Status: IntentStatus.Open or IntentStatus.RequiresAction })
                TryCard();
        }

        void TryCard() => Report(random.Next(6) switch
        {
            0 => Declined("insufficient_funds", $"ch_{++cards}"),
            1 when random.Next(3) is 0 => Declined("stolen_card", $"ch_{++cards}"),
            2 => IntentIn(IntentStatus.RequiresAction),
            _ => IntentIn(IntentStatus.RequiresCapture),
        });

        // Like orders: complete once the payment is authorized, cancelled at the end of the hold or by the buyer.
        void ChangeOrder(bool end = false)
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

        void Report(IntentState news) => reported.Add(intent = news);
    }
}
