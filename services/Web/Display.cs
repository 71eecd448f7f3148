using System.Globalization;
using Ticketing.Web.Api;

namespace Ticketing.Web;

/// <summary>Times, states and reasons as text.</summary>
public static class Display
{
    static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    public static string DateAndTime(DateTimeOffset at) =>
        at.UtcDateTime.ToString("ddd d MMM yyyy, HH:mm 'UTC'", English);
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm 'UTC'", English);

    /// <summary>
    /// A user's text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE, for attributes and titles: right-to-left
    /// text would reorder the words beside it. In elements <c>bdi</c> does the same.
    /// </summary>
    public static string Isolated(string text) => $"\u2068{text}\u2069";

    public static string VenueAndSeat(Show show) =>
        string.Join(" · ", new[] { show.Venue, show.Seat }.Where(part => !string.IsNullOrWhiteSpace(part)));

    /// <param name="brand">Stripe's name of it.</param>
    public static string CardBrand(string brand) => brand switch
    {
        "visa" => "Visa",
        "mastercard" => "Mastercard",
        "amex" => "American Express",
        "diners" => "Diners Club",
        "discover" => "Discover",
        "jcb" => "JCB",
        "unionpay" => "UnionPay",
        _ => "Card",
    };

    /// <summary>An order's state, as the buyer sees it.</summary>
    public static string Status(OrderDto order) => order.Status switch
    {
        "created" => "Checking the ticket",
        "awaitingPayment" => "Held for you",
        "complete" => "Paid",
        "refunding" => "Refund on its way",
        "refunded" => order.IsNothingTaken ? "Not charged" : "Refunded",
        "cancelled" => Reason(order.Reason),
        _ => "Being renewed",   // a status of a newer version
    };

    public static string Reason(string? reason) => reason switch
    {
        "expired" => "Ran out",
        "by-buyer" => "Given back",
        "terms-changed" => "The seller changed the ticket",
        "show-begun" => "The show had begun",
        "withdrawn" => "Withdrawn by its seller",
        "payment-failed" => "Payment failed",
        _ => "Ended",
    };

    /// <summary>Why an order was cancelled, in a sentence.</summary>
    public static string WhyEnded(string? reason) => reason switch
    {
        "expired" => "The hold ended and the ticket went back on sale.",
        "by-buyer" => "You gave the ticket back; it is on sale again.",
        "terms-changed" => "The seller changed the ticket just before you pressed purchase. Look at it as it is now.",
        "show-begun" => "The show began just before the ticket could be locked for you.",
        "withdrawn" => "The seller took the ticket back just before you pressed purchase.",
        "payment-failed" => "The card was refused for good, so the ticket went back on sale. "
            + "If your bank shows a reservation, it disappears by itself.",
        _ => "",
    };

    /// <summary>A line of the order's timeline.</summary>
    /// <param name="endedBy">Why the order was cancelled; null if it was not.</param>
    public static string Happened(TimelineEntryDto entry, string? endedBy) => entry.Type switch
    {
        "order.created" => "You pressed purchase: the ticket was asked for",
        "order.awaiting-payment" => "The ticket was locked for you",
        "order.completed" => "Your payment was authorised and the order completed",
        "order.cancelled" => endedBy switch
        {
            "expired" => "The hold ran out; nothing was charged",
            "by-buyer" => "You gave the ticket back; nothing was charged",
            "terms-changed" => "The seller had changed the ticket; nothing was charged",
            "show-begun" => "The show had begun; nothing was charged",
            "withdrawn" => "The seller had withdrawn the ticket; nothing was charged",
            "payment-failed" => "The payment failed for good; nothing was charged",
            _ => "The order ended; nothing was charged",
        },
        "order.refunding" => "The seller gave a refund; it is on its way",
        "order.refunded" when entry.Why == "The money is given back." => "The money was sent back to your card",
        _ => entry.Why,
    };
}
