using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

public class IntentTableTests
{
    // In the order of PaymentStatus: Opened, RequiresAction, Authorized, Captured, Voided, Failed, Refunded.
    // A dot leaves our status unchanged.
    [Theory]
    [InlineData("Open", false, ".", "Opened", ".", ".", ".", ".", ".")]
    [InlineData("Processing", false, ".", ".", ".", ".", ".", ".", ".")]
    [InlineData("RequiresAction", false, "RequiresAction", ".", ".", ".", ".", ".", ".")]
    [InlineData("RequiresCapture", false, "Authorized", "Authorized", ".", ".", ".", ".", ".")]
    [InlineData("Succeeded", false, "Captured", "Captured", "Captured", ".", "Captured", "Captured", ".")]
    [InlineData("Succeeded, refunded", false, "Refunded", "Refunded", "Refunded", "Refunded", "Refunded", "Refunded", ".")]
    [InlineData("Canceled", false, "Failed", "Failed", "Voided", ".", ".", ".", ".")]
    [InlineData("Canceled", true, "Voided", "Voided", "Voided", ".", ".", ".", ".")]
    public void Every_status_of_the_intent_meets_every_status_of_ours(string intent, bool orderIsOver,
        params string[] cells)
    {
        var state = State(intent);
        Assert.Equal(cells, Enum.GetValues<PaymentStatus>().Select(before =>
            IntentTable.Next(before, state, orderIsOver) is var next && next == before ? "." : next.ToString()));
    }

    [Fact]
    public void No_pair_is_missing_and_only_a_cancelled_intent_asks_how_the_order_stands()
    {
        foreach (var status in Enum.GetValues<IntentStatus>())
            foreach (var before in Enum.GetValues<PaymentStatus>())
            {
                var state = Samples.IntentIn(status);
                var differs = IntentTable.Next(before, state, orderIsOver: true) != IntentTable.Next(before, state,
                    orderIsOver: false);
                Assert.True(!differs || status is IntentStatus.Canceled, $"{status} × {before}");
            }
    }

    static IntentState State(string intent) => intent == "Succeeded, refunded"
        ? Samples.IntentIn(IntentStatus.Succeeded) with { RefundId = "re_1" }
        : Samples.IntentIn(Enum.Parse<IntentStatus>(intent));
}
