using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

public class PaymentTableTests
{
    static readonly string[] Statuses =
        ["none", "Opened", "RequiresAction", "Authorized", "Captured", "Voided", "Failed", "Refunded"];

    // A dot leaves the payment unchanged, an exclamation mark is a refusal; "X, y (n)" is
    // status X, pending call y to Stripe, n attempts left.
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
        Assert.Equal(cells.Select(cell => cell.Trim()),
            Statuses.Select(status => Cell(Samples.InStatus(status), message.Trim())));
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
        "open" => payment.Open(Samples.Buyer, Samples.AttemptsMax, Samples.Now),
        "pay" => payment.Pay(Samples.Buyer, "pm_card_visa", Samples.AttemptsMax, Samples.Now),
        "order waits" => payment.Apply(Samples.Known(OrderStatus.AwaitingPayment), false, Samples.Now),
        "order complete" => payment.Apply(Samples.Known(OrderStatus.Complete), false, Samples.Now),
        "order cancelled" => payment.Apply(Samples.Known(OrderStatus.Cancelled), false, Samples.Now),
        "order refunding" => payment.Apply(Samples.Known(OrderStatus.Refunding), false, Samples.Now),
        "order refunded" => payment.Apply(Samples.Known(OrderStatus.Refunded), false, Samples.Now),
        "stripe: open" => payment.Observe(Samples.IntentIn(IntentStatus.Open), Samples.Now),
        "stripe: processing" => payment.Observe(Samples.IntentIn(IntentStatus.Processing), Samples.Now),
        "stripe: 3-D Secure" => payment.Observe(Samples.IntentIn(IntentStatus.RequiresAction), Samples.Now),
        "stripe: authorized" => payment.Observe(Samples.IntentIn(IntentStatus.RequiresCapture), Samples.Now),
        "stripe: captured" => payment.Observe(Samples.IntentIn(IntentStatus.Succeeded), Samples.Now),
        "stripe: cancelled" => payment.Observe(Samples.IntentIn(IntentStatus.Canceled), Samples.Now),
        "stripe: refunded" =>
            payment.Observe(Samples.IntentIn(IntentStatus.Succeeded) with { RefundId = "re_1" }, Samples.Now),
        "stripe: soft decline" => payment.Observe(Samples.Declined("insufficient_funds"), Samples.Now),
        "stripe: hard decline" => payment.Observe(Samples.Declined("lost_card"), Samples.Now),
        "stripe: other amount" => payment.Observe(
            Samples.IntentIn(IntentStatus.RequiresCapture) with { Amount = new(1, "usd") }, Samples.Now),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such message."),
    };
}
