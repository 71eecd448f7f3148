namespace Ticketing.Web;

/// <summary>What a problem's code means, to a person who follows its <c>type</c>.</summary>
public sealed record Explanation(string Code, string Title, string Words)
{
    public static readonly IReadOnlyDictionary<string, Explanation> All = new Explanation[]
    {
        new("ticket-reserved", "Somebody else is buying this ticket",
            "It is locked for one buyer until heldUntil. If it is not paid by then it is for sale again."),
        new("ticket-sold", "The ticket is sold", "An order for it was paid. It comes back only if its seller refunds that order."),
        new("ticket-withdrawn", "The ticket was withdrawn", "Its seller took it off sale for good."),
        new("ticket-locked", "The ticket is being bought", "While a buyer holds it nothing about it can be changed; lockedUntil says how long at most."),
        new("ticket-not-found", "There is no such ticket", "Nobody has listed one under this id."),
        new("not-the-seller", "The ticket is not yours", "Only who listed a ticket may change it, withdraw it or refund its buyer."),
        new("idempotency-key-reused", "The key belongs to another listing",
            "Nothing was listed. A key stands for one request: send a new one with another ticket."),
        new("price-changed", "The price has changed", "It is no longer the expectedPrice; price is what it costs now. Nothing was bought."),
        new("stale-version", "The ticket has changed since you read it", "If-Match names an older version. Read it again, then decide."),
        new("order-complete", "The order is complete", "It is paid and can no longer be cancelled; its seller can refund it."),
        new("order-not-complete", "The order is not complete", "Only a complete order can be refunded."),
        new("order-not-payable", "The order cannot be paid", "It is not waiting for a payment; orderStatus says what it is."),
        new("card-declined", "The card was declined", "Nothing was taken. attemptsLeft says how often another card may be tried while the hold lasts."),
        new("payment-method-refused", "Stripe knows no such payment method", "It cost no attempt; code is Stripe's word for it."),
        new("stripe-unavailable", "The payment provider does not answer",
            "The same request may be sent again: whatever is repeated, a card is charged at most once for an order."),
        new("email-in-use", "The e-mail has an account", "Sign in instead."),
        new("bad-credentials", "E-mail or password is not right", "They do not belong together; which one is wrong is not told."),
        new("invalid", "The request has mistakes", "errors names them, by the JSON name of the member."),
        new("bad-request", "The request cannot be read", "It is not well-formed: the title says what was expected."),
        new("unauthenticated", "Sign in first", "Send the session cookie, or the same token as Authorization: Bearer."),
        new("forbidden", "That is not yours", "Only its owner may do this."),
        new("not-found", "There is no such thing", "It does not exist, or it is not yours to see."),
        new("too-many-requests", "A little slower, please", "Wait as long as Retry-After says."),
        new("unavailable", "One part of the shop is resting", "Nothing is known to have changed. The same request may be sent again; it is never done twice."),
        new("internal", "Something broke", "It is logged under the traceId. Nothing you sent was kept half done."),
    }.ToDictionary(explanation => explanation.Code);
}
