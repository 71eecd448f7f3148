using System.Text.Json;
using Ticketing.Contracts;
using Ticketing.Web.Api;

namespace Ticketing.Web.Tests;

/// <summary>Every reason that the orders service gives has words of its own on the pages.</summary>
public class EndedOrderTests
{
    // The HTTP API says terms-changed for what documents call price-changed.
    public static TheoryData<string> Reasons => [.. Enum.GetValues<CancelReason>()
        .Where(reason => reason is not CancelReason.PriceChanged)
        .Select(reason => JsonSerializer.Serialize(reason).Trim('"'))];

    [Theory, MemberData(nameof(Reasons))]
    public void A_cancelled_order_says_why(string reason)
    {
        Assert.NotEqual(Display.Reason("a newer build's"), Display.Reason(reason));
        Assert.NotEqual("", Display.WhyEnded(reason));
        Assert.NotEqual(Display.Happened(Cancelled, "a newer build's"), Display.Happened(Cancelled, reason));
    }

    static readonly TimelineEntryDto Cancelled = new(DateTimeOffset.UnixEpoch, "order.cancelled", "");
}
