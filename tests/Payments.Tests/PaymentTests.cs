using Ticketing.Contracts;
using static Ticketing.Payments.Tests.Samples;

namespace Ticketing.Payments.Tests;

public class PaymentTests
{
    [Fact]
    public void A_stranger_does_not_learn_that_the_order_exists()
    {
        var stranger = UserId.Parse("stranger", null);
        foreach (var payment in (Payment[])[Payment.Absent(Order), Unpaid, Opened, InStatus("Captured")])
        {
            Assert.Equal(Payment.NoSuchOrder, payment.Open(stranger, AttemptsMax, Now).Refusal);
            Assert.Equal(Payment.NoSuchOrder, payment.Pay(stranger, "pm_card_visa", AttemptsMax, Now).Refusal);
        }
    }

    [Theory]
    [InlineData(OrderStatus.Complete)]
    [InlineData(OrderStatus.Cancelled)]
    [InlineData(OrderStatus.Refunding)]
    [InlineData(OrderStatus.Refunded)]
    public void Only_an_order_that_awaits_payment_is_opened(OrderStatus status)
    {
        var payment = Do(Unpaid, p => p.Apply(Known(status), false, Now));
        var refusal = payment.Open(Buyer, AttemptsMax, Now).Refusal!;
        Assert.Equal(("order-not-payable", status), (refusal.Code, refusal.Members["orderStatus"]));
    }

    [Fact]
    public void An_old_snapshot_of_the_order_is_simply_old()
    {
        var cancelled = Do(Opened, p => p.Apply(Known(OrderStatus.Cancelled, 5), false, Now));
        Assert.False(cancelled.Apply(Known(OrderStatus.AwaitingPayment, 4), false, Now).Changed);
        Assert.False(cancelled.Apply(Known(OrderStatus.Complete, 5), false, Now).Changed);
    }

    [Fact]
    public void Whoever_asks_again_is_answered_with_what_is_known_once()
    {
        var authorized = InStatus("Authorized");
        var asked = authorized.Apply(Known(OrderStatus.AwaitingPayment, 1), again: true, Now);
        Assert.False(asked.Changed);
        Assert.Equal(PaymentEvents.Authorized, Assert.Single(asked.Answers).Type);

        // A change that is not visible to others is not published, nor is a payment that was never opened.
        var told = InStatus("Captured").Observe(IntentIn(IntentStatus.Succeeded) with { RefundId = "re_1" }, Now);
        Assert.Empty(told.Answers);
        Assert.Empty(Unpaid.Apply(Known(OrderStatus.AwaitingPayment, 1), again: true, Now).Answers);
    }

    [Fact]
    public void A_second_click_waits_for_the_first_one_and_charges_nothing_of_its_own()
    {
        var first = Do(Opened, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now));
        var second = first.Pay(Buyer, "pm_card_mastercard", AttemptsMax, Now);
        Assert.False(second.Changed);
        Assert.Equal(new Attempt(1, "pm_card_visa"), second.State!.Attempt);
        Assert.Equal($"{Order}:confirm:1", second.State.Pending!.Key);
    }

    [Fact]
    public void A_method_given_with_the_first_request_is_tried_with_it_or_once_the_intent_is_there()
    {
        var asked = Do(Unpaid, p => p.Pay(Buyer, "pm_card_visa", AttemptsMax, Now));
        Assert.Equal(($"{Order}", EffectKind.Create), (asked.Pending!.Key, asked.Pending.Kind));
        Assert.Equal("pm_card_visa", asked.Pending.Card);   // in the same call
        var made = Do(asked, p => p.Observe(IntentIn(IntentStatus.Open), Now));
        Assert.Equal(($"{Order}:confirm:1", "pm_card_visa"), (made.Pending!.Key, made.Pending.Attempt!.Method));
    }

    [Fact]
    public void Each_refused_card_counts_once_and_the_last_one_ends_it()
    {
        var payment = Opened;
        foreach (var (id, left) in (ReadOnlySpan<(string, int)>)[("ch_1", 2), ("ch_1", 2), ("ch_2", 1)])
        {
            payment = Do(payment, p => p.Observe(Declined("insufficient_funds", id), Now));
            Assert.Equal((PaymentStatus.Opened, left), (payment.Status, payment.Snapshot().AttemptsLeft));
        }

        var last = payment.CountDecline(new("ch_3", "do_not_honor"), Now);
        Assert.Equal((PaymentStatus.Failed, EffectKind.Cancel), (last.State!.Status, last.State.Pending!.Kind));
        var failed = last.Events.Single();
        Assert.Equal(PaymentEvents.Failed, failed.Type);
        Assert.Equal("do_not_honor", failed.Data.GetProperty("declineCode").GetString());
        Assert.False(last.State.IsSettled(Now));
    }

    [Fact]
    public void A_decline_told_late_does_not_undo_a_card_that_was_taken()
    {
        var authorized = Do(Opened, p => p.Observe(IntentIn(IntentStatus.RequiresCapture), Now));
        Assert.False(authorized.CountDecline(new("ch_0", "stolen_card"), Now).Changed);
    }

    [Fact]
    public void A_failed_payment_that_a_browser_authorizes_meanwhile_is_still_given_back()
    {
        var failed = Do(Opened, p => p.Observe(Declined("stolen_card"), Now));
        var paid = failed.Observe(IntentIn(IntentStatus.RequiresCapture), Now);
        Assert.Equal((PaymentStatus.Failed, EffectKind.Cancel), (paid.State!.Status, paid.State.Pending!.Kind));
    }

    [Fact]
    public void An_order_that_ends_before_the_intent_is_made_leaves_nothing_to_do()
    {
        var opening = Do(Unpaid, p => p.Open(Buyer, AttemptsMax, Now));
        var ended = Do(opening, p => p.Apply(Known(OrderStatus.Cancelled), false, Now));
        Assert.Equal((PaymentStatus.Voided, null), (ended.Status, ended.Pending));
        Assert.False(ended.Observe(IntentIn(IntentStatus.Open), Now).Changed);
        Assert.True(ended.IsSettled(Now));
    }

    [Fact]
    public void An_order_that_lives_on_lets_nothing_go()
    {
        var opening = Do(Unpaid, p => p.Open(Buyer, AttemptsMax, Now));
        var still = Do(opening, p => p.Apply(Known(OrderStatus.AwaitingPayment, 5), false, Now));
        Assert.Equal((PaymentStatus.Opened, EffectKind.Create), (still.Status, still.Pending!.Kind));
    }

    [Fact]
    public void What_is_due_keeps_its_key_and_its_age_whatever_else_is_heard()
    {
        var due = Do(InStatus("Authorized"), p => p.Apply(Known(OrderStatus.Complete, 5), false, Now));
        var renewed = Do(due, p => p.Renew(due.Pending!, Now));
        var later = Do(renewed, p => p.Apply(Known(OrderStatus.Complete, 6), false, Now.AddHours(1)));
        Assert.Equal((6, renewed.Pending), (later.Order!.BookVersion, later.Pending));
    }

    [Fact]
    public void Another_intent_than_the_one_known_is_not_ours() =>
        Assert.False(Opened.Observe(IntentIn(IntentStatus.RequiresCapture) with { Id = "pi_other" }, Now).Changed);

    [Fact]
    public void A_key_that_remembers_a_failure_is_replaced_and_an_old_one_distrusted()
    {
        var due = Do(InStatus("Authorized"), p => p.Apply(Known(OrderStatus.Complete), false, Now));
        var effect = due.Pending!;
        Assert.Equal($"{Order}:capture", effect.Key);
        Assert.False(effect.IsOld(Now + Effect.KeyTrusted - TimeSpan.FromTicks(1)));
        Assert.True(effect.IsOld(Now + Effect.KeyTrusted));

        var later = Now + TimeSpan.FromDays(2);
        var renewed = Do(due, p => p.Renew(effect, later)).Pending!;
        Assert.Equal(($"{Order}:capture:2", later), (renewed.Key, renewed.Since));
        Assert.False(due.Renew(renewed, later).Changed);   // another caller was faster
    }

    [Fact]
    public void A_method_that_stripe_does_not_know_costs_no_attempt()
    {
        var tried = Do(Opened,
            p => p.Pay(Buyer, "pm_nonsense", AttemptsMax, Now), p => p.Reject(1, "resource_missing", Now));
        Assert.Equal((AttemptsMax, null, null), (tried.Snapshot().AttemptsLeft, tried.Attempt, tried.Pending));
        Assert.Equal(new Answer(1, "resource_missing", Declined: false), tried.LastAnswer);
    }

    [Theory]
    [InlineData("Captured", IntentStatus.Succeeded, PaymentStatus.Refunded)]
    [InlineData("Authorized", IntentStatus.Canceled, PaymentStatus.Voided)]
    public void What_stripe_does_by_itself_is_announced_until_the_order_has_ended_too(
        string before, IntentStatus told, PaymentStatus after)
    {
        var complete = Do(InStatus(before), p => p.Apply(Known(OrderStatus.Complete, 5), false, Now));
        var refund = told is IntentStatus.Succeeded ? "re_dashboard" : null;
        var acted = complete.Observe(IntentIn(told) with { RefundId = refund }, Now);
        Assert.Equal((after, null), (acted.State!.Status, acted.State.Pending));
        Assert.Single(acted.Events);
        Assert.False(acted.State.IsSettled(Now));
        Assert.True(Do(acted.State, p => p.Apply(Known(OrderStatus.Refunded, 6), false, Now)).IsSettled(Now));
    }

    [Fact]
    public void No_event_carries_the_client_secret()
    {
        var opened = Opened;
        Assert.NotNull(opened.ClientSecret);
        Assert.DoesNotContain(
            opened.ClientSecret, opened.Repeat().Single().Data.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("Opened", false)]           // the browser may have paid and the webhook be lost: Stripe is asked
    [InlineData("RequiresAction", false)]
    [InlineData("Authorized", false)]       // the order's outcome is unknown
    [InlineData("Captured", true)]
    [InlineData("Voided", true)]
    [InlineData("Failed", false)]           // the intent is still open, and the order does not know
    [InlineData("Refunded", true)]
    public void It_waits_for_whom_it_must(string status, bool settled) =>
        Assert.Equal(settled, InStatus(status).IsSettled(Now));
}
