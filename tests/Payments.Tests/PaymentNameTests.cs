using Ticketing.Contracts;
using static Ticketing.Payments.Tests.Samples;

namespace Ticketing.Payments.Tests;

/// <summary>A payment has a random name: Stripe's keys and answers carry it.</summary>
public class PaymentNameTests
{
    const string Name = "n1";

    static IntentState Mine(IntentStatus status) =>
        IntentIn(status) with { Name = Name, OrderId = Order, Buyer = Buyer };

    static Payment Named => Do(Unpaid, p => p.Open(Buyer, AttemptsMax, Now, Name));
    static Payment NamedAndOpen => Do(Named, p => p.Observe(Mine(IntentStatus.Open), Now));

    [Fact]
    public void Every_key_has_the_name_in_it()
    {
        Assert.Equal($"{Order}:n1", Named.Pending!.Key);
        var paying = Do(NamedAndOpen, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now, "n2"));
        Assert.Equal(("n1", $"{Order}:n1:confirm:1"), (paying.Name, paying.Pending!.Key));
        var authorized = Do(paying, p => p.Observe(Mine(IntentStatus.RequiresCapture), Now));
        var over = Do(authorized, p => p.Apply(Known(OrderStatus.Cancelled), false, Now));
        Assert.Equal($"{Order}:n1:cancel", over.Pending!.Key);
        var complete = Do(authorized, p => p.Apply(Known(OrderStatus.Complete), false, Now));
        Assert.Equal($"{Order}:n1:capture", complete.Pending!.Key);
        Assert.Equal($"{Order}:n1:capture:2", Do(complete, p => p.Renew(complete.Pending!, Now)).Pending!.Key);
        var refunding = Do(complete, p => p.Observe(Mine(IntentStatus.Succeeded), Now),
            p => p.Apply(Known(OrderStatus.Refunding, 11), false, Now));
        Assert.Equal($"{Order}:n1:refund", refunding.Pending!.Key);
    }

    [Fact]
    public void A_payment_that_was_opened_without_a_name_keeps_its_keys()
    {
        var old = Do(Unpaid, p => p.Open(Buyer, AttemptsMax, Now));
        var again = Do(old, p => p.Open(Buyer, AttemptsMax, Now, Name));
        Assert.Equal((null, $"{Order}"), (again.Name, again.Pending!.Key));
        Assert.Equal($"{Order}:confirm:1",
            Do(Opened, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now, Name)).Pending!.Key);
    }

    [Fact]
    public void What_belongs_to_another_payment_is_not_believed()
    {
        IntentState[] others =
        [
            Mine(IntentStatus.RequiresCapture) with { Name = null }, Mine(IntentStatus.RequiresCapture) with { Name = "n2" },
            Mine(IntentStatus.RequiresCapture) with { Buyer = "other" },
            Mine(IntentStatus.RequiresCapture) with { OrderId = "t1-8" },
        ];
        foreach (var payment in (Payment[])[Named, NamedAndOpen])
            Assert.All(others, intent => Assert.Equal(Payment.OtherPayment, payment.Observe(intent, Now).Refusal));
        Assert.Equal(Payment.OtherPayment, Opened.Observe(Mine(IntentStatus.RequiresCapture), Now).Refusal);
    }

    [Fact]
    public void An_order_of_another_buyer_under_the_same_id_does_not_take_over_the_payment()
    {
        var paid = Do(NamedAndOpen, p => p.Observe(Mine(IntentStatus.RequiresCapture), Now));
        var others = Known(OrderStatus.Complete, 99) with { Buyer = UserId.Parse("other", null) };
        Assert.False(paid.Apply(others, false, Now).Changed);
        Assert.Equal(others.Buyer, Do(Unpaid, p => p.Apply(others, false, Now)).Order!.Buyer);
    }

    [Theory]
    [InlineData(IntentStatus.Open)]
    [InlineData(IntentStatus.RequiresAction)]
    [InlineData(IntentStatus.RequiresCapture)]
    public void A_payment_intent_of_another_amount_is_cancelled_while_nothing_is_captured(IntentStatus status)
    {
        var other = Mine(status) with { Amount = new(60, "usd") };
        var refused = Do(NamedAndOpen, p => p.Observe(other, Now));
        Assert.Equal((PaymentStatus.Failed, EffectKind.Cancel), (refused.Status, refused.Pending!.Kind));
        Assert.False(refused.Observe(other, Now).Changed);      // while it is being cancelled
        var ended = Do(refused, p => p.Observe(other with { Status = IntentStatus.Canceled }, Now));
        Assert.Equal((PaymentStatus.Failed, true, null), (ended.Status, ended.Closed, ended.Pending));
    }

    [Fact]
    public void Another_amount_that_was_captured_is_left_to_an_operator() => Assert.Equal(Payment.AmountDiffers,
        NamedAndOpen.Observe(Mine(IntentStatus.Succeeded) with { Amount = new(60, "usd") }, Now).Refusal);

    [Fact]
    public void What_a_receipt_shows_is_kept()
    {
        var card = new CardShown("visa", "4242");
        var captured = Do(NamedAndOpen, p => p.Observe(Mine(IntentStatus.RequiresCapture) with { Card = card }, Now),
            p => p.Apply(Known(OrderStatus.Complete), false, Now),
            p => p.Observe(Mine(IntentStatus.Succeeded) with { Card = card }, Now.AddMinutes(1)));
        Assert.Equal((card, Now.AddMinutes(1), null), (captured.Card, captured.CapturedAt, captured.RefundedAt));
        var refunded = Do(captured, p => p.Apply(Known(OrderStatus.Refunding, 11), false, Now),
            p => p.Observe(Mine(IntentStatus.Succeeded) with { RefundId = "re_1", RefundedAt = Now.AddDays(1) }, Now.AddDays(2)));
        Assert.Equal((card, Now.AddMinutes(1), Now.AddDays(1)), (refunded.Card, refunded.CapturedAt, refunded.RefundedAt));
    }
}
