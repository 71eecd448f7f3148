using Ticketing.Contracts;
using static Ticketing.Payments.Tests.Samples;

namespace Ticketing.Payments.Tests;

/// <summary>The PaymentIntent is created and confirmed in one call, and stays the only one of its order.</summary>
public class CardWithIntentTests
{
    static Payment Asked => Do(Unpaid, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now));

    [Fact]
    public void The_reply_answers_the_attempt()
    {
        var paid = Asked.Observe(IntentIn(IntentStatus.RequiresCapture), Now, answers: 1);
        Assert.Equal((PaymentStatus.Authorized, null, null), (paid.State!.Status, paid.State.Attempt, paid.State.Pending));
        Assert.Equal(PaymentEvents.Authorized, Assert.Single(paid.Events).Type);

        var declined = Do(Asked, p => p.Observe(Declined("insufficient_funds"), Now, answers: 1));
        Assert.Equal((PaymentStatus.Opened, null, "insufficient_funds"),
            (declined.Status, declined.Pending, declined.LastAnswer!.Code));
        var second = Do(declined, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now));
        Assert.Equal($"{Order}:confirm:2", second.Pending!.Key);
    }

    [Fact]
    public void That_a_buyer_begins_to_pay_is_announced_only_when_repeated()
    {
        Assert.Empty(Unpaid.Open(Buyer, AttemptsMax, Now).Events);
        Assert.Empty(Unpaid.Pay(Buyer, "pm_card_visa", AttemptsMax, Now).Events);
        Assert.Empty(Opened.Observe(IntentIn(IntentStatus.RequiresAction), Now).Events);
        Assert.Equal(PaymentEvents.Opened, Assert.Single(Opened.Repeat()).Type);
        Assert.Equal(PaymentEvents.Declined,
            Assert.Single(Opened.Observe(Declined("insufficient_funds"), Now).Events).Type);
    }

    // The browser's call may be under way: with other parameters Stripe would refuse the key.
    [Fact]
    public void A_card_that_comes_while_the_intent_is_created_without_one_is_tried_afterwards()
    {
        var both = Do(Unpaid, p => p.Open(Buyer, AttemptsMax, Now), p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now));
        Assert.Equal((EffectKind.Create, null), (both.Pending!.Kind, both.Pending.Card));
        Assert.Equal($"{Order}:confirm:1", Do(both, p => p.Observe(IntentIn(IntentStatus.Open), Now)).Pending!.Key);
    }

    [Fact]
    public void A_card_that_stripe_refuses_leaves_an_intent_to_be_created_under_another_key()
    {
        var refused = Do(Asked, p => p.Reject(1, "resource_missing", Now));
        Assert.Equal(($"{Order}:2", null), (refused.Pending!.Key, refused.Pending.Card));
        Assert.Equal(new Answer(1, "resource_missing", Declined: false), refused.LastAnswer);
        var over = Do(Asked, p => p.Apply(Known(OrderStatus.Cancelled), false, Now), p => p.Reject(1, "x", Now));
        Assert.Equal((PaymentStatus.Voided, null), (over.Status, over.Pending));   // nothing was created
    }

    // The card may have been charged: what was created must be found, and the card must not be charged now.
    [Fact]
    public void An_order_that_ends_while_the_card_is_under_way_asks_what_became_of_it_under_the_same_key()
    {
        var over = Do(Asked, p => p.Apply(Known(OrderStatus.Cancelled), false, Now));
        Assert.Equal((PaymentStatus.Opened, $"{Order}", null), (over.Status, over.Pending!.Key, over.Pending.Card));
        Assert.False(over.IsSettled(Now));
        var charged = Do(over, p => p.Observe(IntentIn(IntentStatus.RequiresCapture), Now));
        Assert.Equal((PaymentStatus.Authorized, EffectKind.Cancel), (charged.Status, charged.Pending!.Kind));
        var open = Do(over, p => p.Observe(IntentIn(IntentStatus.Open), Now));
        Assert.Equal(EffectKind.Cancel, open.Pending!.Kind);
    }
}
