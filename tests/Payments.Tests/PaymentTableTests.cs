using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

public class PaymentTableTests
{
    static readonly string[] Statuses =
        ["none", "Opened", "RequiresAction", "Authorized", "Captured", "Voided", "Failed", "Refunded"];

    // A dot leaves the payment as it was, an exclamation mark is a refusal; "X, y (n)" is
    // status X with y to be done at Stripe and n attempts left.
    // The order is complete in the column "Captured", cancelled in "Voided", refunding in "Refunded"; else it waits.
    [Theory]
    [InlineData("open                ", "Opened, create", ".             ", ".                ", ".         ", ".", "!", "!", "!")]
    [InlineData("pay                 ", "Opened, create", "Opened, confirm", "RequiresAction, confirm", ".", ".", "!", "!", "!")]
    [InlineData("order waits         ", ".", ".             ", ".                     ", ".                  ", ".", ".", ".", ".")]
    [InlineData("order complete      ", ".", ".             ", ".                     ", "Authorized, capture", ".", ".", ".", ".")]
    [InlineData("order cancelled     ", ".", "Opened, cancel", "RequiresAction, cancel", "Authorized, cancel ", "Captured, refund", ".", ".", ".")]
    [InlineData("order refunding     ", ".", "Opened, cancel", "RequiresAction, cancel", "Authorized, cancel ", "Captured, refund", ".", ".", ".")]
    [InlineData("order refunded      ", ".", "Opened, cancel", "RequiresAction, cancel", "Authorized, cancel ", "Captured, refund", ".", ".", ".")]
    [InlineData("stripe: open        ", ".", ".             ", "Opened        ", ".       ", ".       ", ".               ", ".       ", ".")]
    [InlineData("stripe: processing  ", ".", ".             ", ".             ", ".       ", ".       ", ".               ", ".       ", ".")]
    [InlineData("stripe: 3-D Secure  ", ".", "RequiresAction", ".             ", ".       ", ".       ", ".               ", ".       ", ".")]
    [InlineData("stripe: authorized  ", ".", "Authorized    ", "Authorized    ", ".       ", ".       ", ".               ", ".       ", ".")]
    [InlineData("stripe: captured    ", ".", "Captured      ", "Captured      ", "Captured", ".       ", "Captured, refund", "Captured", ".")]
    [InlineData("stripe: cancelled   ", ".", "Failed        ", "Failed        ", "Voided  ", ".       ", ".               ", "Failed  ", ".")]
    [InlineData("stripe: refunded    ", ".", "Refunded      ", "Refunded      ", "Refunded", "Refunded", "Refunded        ", "Refunded", ".")]
    [InlineData("stripe: soft decline", ".", "Opened (2)    ", "Opened (2)    ", ".       ", ".       ", ".               ", ".       ", ".")]
    [InlineData("stripe: hard decline", ".", "Failed, cancel (2)", "Failed, cancel (2)", ".", ".", ".", ".", ".")]
    [InlineData("stripe: other amount", ".", "!", "!", "!", "!", "!", "!", "!")]
    public void Every_message_meets_every_status(string message, params string[] cells)
    {
        Assert.Equal(cells.Select(cell => cell.Trim()), Statuses.Select(status => Cell(Some.InStatus(status), message.Trim())));
    }

    static string Cell(Payment before, string message)
    {
        var decision = Put(before, message);
        if (decision.Refusal is not null)
            return "!";
        var after = decision.State!;
        Assert.Equal(decision.Changed, before != after);
        if (after with { Order = before.Order } == before)
            return ".";
        var due = after.Pending is { } effect ? $", {effect.Kind}".ToLowerInvariant() : "";
        var left = after.Declines.Length > before.Declines.Length ? $" ({after.Snapshot().AttemptsLeft})" : "";
        return $"{after.Status}{due}{left}";
    }

    public static Decision<Payment> Put(Payment payment, string message) => message switch
    {
        "open" => payment.Open(Some.Buyer, Some.AttemptsMax, Some.Now),
        "pay" => payment.Pay(Some.Buyer, "pm_card_visa", Some.AttemptsMax, Some.Now),
        "order waits" => payment.Apply(Some.Known(OrderStatus.AwaitingPayment), false, Some.Now),
        "order complete" => payment.Apply(Some.Known(OrderStatus.Complete), false, Some.Now),
        "order cancelled" => payment.Apply(Some.Known(OrderStatus.Cancelled), false, Some.Now),
        "order refunding" => payment.Apply(Some.Known(OrderStatus.Refunding), false, Some.Now),
        "order refunded" => payment.Apply(Some.Known(OrderStatus.Refunded), false, Some.Now),
        "stripe: open" => payment.Observe(Some.Says(IntentStatus.Open), Some.Now),
        "stripe: processing" => payment.Observe(Some.Says(IntentStatus.Processing), Some.Now),
        "stripe: 3-D Secure" => payment.Observe(Some.Says(IntentStatus.RequiresAction), Some.Now),
        "stripe: authorized" => payment.Observe(Some.Says(IntentStatus.RequiresCapture), Some.Now),
        "stripe: captured" => payment.Observe(Some.Says(IntentStatus.Succeeded), Some.Now),
        "stripe: cancelled" => payment.Observe(Some.Says(IntentStatus.Canceled), Some.Now),
        "stripe: refunded" => payment.Observe(Some.Says(IntentStatus.Succeeded) with { RefundId = "re_1" }, Some.Now),
        "stripe: soft decline" => payment.Observe(Some.Declined("insufficient_funds"), Some.Now),
        "stripe: hard decline" => payment.Observe(Some.Declined("lost_card"), Some.Now),
        "stripe: other amount" => payment.Observe(
            Some.Says(IntentStatus.RequiresCapture) with { Amount = new(1, "usd") }, Some.Now),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such message."),
    };
}
