using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Sample payments, orders and states of Stripe.</summary>
static class Samples
{
    public const int AttemptsMax = 3;
    public const string Intent = "pi_1";

    public static readonly UserId Buyer = UserId.Parse("buyer", null);
    public static readonly OrderId Order = OrderId.Parse("t1-7", null);
    public static readonly Money Price = new(4550, "usd");
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static PayableOrder Known(OrderStatus status, long version = 10) => new(Buyer, Price, status, version);

    public static IntentState IntentIn(IntentStatus status) => new(Intent, status, Price, "pi_1_secret_x");

    public static IntentState Declined(string code, string id = "ch_1") =>
        IntentIn(IntentStatus.Open) with { Decline = new(id, code) };

    /// <summary>The order can be paid, and nobody has opened the payment.</summary>
    public static Payment Unpaid =>
        Do(Payment.Absent(Order), p => p.Apply(Known(OrderStatus.AwaitingPayment, 1), false, Now));

    /// <summary>Opened, and Stripe has created the PaymentIntent.</summary>
    public static Payment Opened => Do(
        Unpaid, p => p.Open(Buyer, AttemptsMax, Now), p => p.Observe(IntentIn(IntentStatus.Open), Now));

    public static Payment InStatus(string status) => status switch
    {
        "none" => Unpaid,
        "Opened" => Opened,
        "RequiresAction" => Do(Opened, p => p.Observe(IntentIn(IntentStatus.RequiresAction), Now)),
        "Authorized" => Do(Opened, p => p.Observe(IntentIn(IntentStatus.RequiresCapture), Now)),
        "Captured" => Do(InStatus("Authorized"),
            p => p.Apply(Known(OrderStatus.Complete, 2), false, Now),
            p => p.Observe(IntentIn(IntentStatus.Succeeded), Now)),
        "Voided" => Do(Opened,
            p => p.Apply(Known(OrderStatus.Cancelled, 2), false, Now),
            p => p.Observe(IntentIn(IntentStatus.Canceled), Now)),
        "Failed" => Do(Opened, p => p.Observe(Declined("stolen_card", "ch_0"), Now)),
        "Refunded" => Do(InStatus("Captured"), p => p.Apply(Known(OrderStatus.Refunding, 3), false, Now),
            p => p.Observe(IntentIn(IntentStatus.Succeeded) with { RefundId = "re_1" }, Now)),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No such status."),
    };

    public static Payment Do(Payment payment, params ReadOnlySpan<Func<Payment, Decision<Payment>>> rules)
    {
        foreach (var rule in rules)
        {
            var decision = rule(payment);
            Assert.Null(decision.Refusal);
            payment = decision.State!;
        }

        return payment;
    }
}
