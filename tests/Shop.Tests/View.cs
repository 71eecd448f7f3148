using System.Collections.Concurrent;
using System.Text.Json;

namespace Ticketing.Shop.Tests;

sealed record SeenTicket(string Id, string Status, long Price, long Version, string? Order);

sealed record SeenOrder(string Id, string Ticket, Person Buyer, string Status, long Price)
{
    public bool IsLive => Status is "created" or "awaitingPayment";

    public bool HoldsTheTicket => IsLive || Status is "complete" or "refunding";
}

sealed record SeenPayment(string Status, string? StripeId);

/// <summary>What happened to one order's money, by Stripe's own books. Minor units.</summary>
sealed record Money(IReadOnlyList<long> Captures, long Refunded, long Held)
{
    public static readonly Money None = new([], 0, 0);

    public long Captured => Captures.Sum();
}

/// <summary>Everything about a market that can be seen from outside, read once.</summary>
/// <param name="Listed">Ids in the public listings.</param>
/// <param name="Payments">By order, of those that were ever complete.</param>
/// <param name="Money">By the order that Stripe was told of.</param>
sealed record View(
    IReadOnlyDictionary<string, SeenTicket> Tickets, IReadOnlySet<string> Listed,
    IReadOnlyDictionary<string, SeenOrder> Orders, IReadOnlyDictionary<string, SeenPayment> Payments,
    IReadOnlyDictionary<string, Money> Money, long LedgerSum)
{
    static readonly string StripeKey = JsonDocument.Parse(
        File.ReadAllText(Repository.At("components/development-secrets.json"))).RootElement
        .GetProperty("stripe-api-key").GetString()!;

    // Stripe's ids are unique, and what one was made for never changes.
    static readonly ConcurrentDictionary<string, string?> OrdersOfIntents = new();

    /// <exception cref="UnreadableException">A part of the shop does not answer.</exception>
    public static async Task<View> Of(Market market)
    {
        var told = market.Told;
        var tickets = new Dictionary<string, SeenTicket>();
        foreach (var seller in told.Offers.Values.Select(offer => offer.Seller).Distinct())
            await foreach (var item in Pages(market, seller, "/api/tickets/mine?limit=100"))
                if (Ticket(item) is var ticket && told.Offers.ContainsKey(ticket.Id)) tickets[ticket.Id] = ticket;
        var listed = new HashSet<string>();
        await foreach (var item in Pages(market, null, $"/api/tickets?limit=100&q={market.Mark}"))
            listed.Add(item.GetProperty("id").GetString()!);
        var orders = new Dictionary<string, SeenOrder>();
        foreach (var buyer in told.Asked.Select(purchase => purchase.Buyer).Distinct())
            await foreach (var item in Pages(market, buyer, "/api/orders?limit=100"))
                if (Order(item, buyer) is var order && told.Offers.ContainsKey(order.Ticket)) orders[order.Id] = order;
        var payments = new Dictionary<string, SeenPayment>();
        foreach (var order in orders.Values.Where(order => order.Status is "complete" or "refunded"))
        {
            var seen = await Read(market, order.Buyer, $"/api/payments/{order.Id}");
            payments[order.Id] = new(seen.Text("status"), Optional(seen.Body, "stripeId"));
        }

        var (money, sum) = await Ledger(market);
        return new View(tickets, listed, orders, payments, money, sum);
    }

    static SeenTicket Ticket(JsonElement item) => new(
        item.GetProperty("id").GetString()!, item.GetProperty("status").GetString()!,
        item.GetProperty("price").GetInt64(), item.GetProperty("version").GetInt64(), Optional(item, "orderId"));

    static SeenOrder Order(JsonElement item, Person buyer) => new(
        item.GetProperty("id").GetString()!, item.GetProperty("ticketId").GetString()!, buyer,
        item.GetProperty("status").GetString()!, item.GetProperty("price").GetInt64());

    /// <summary>The local Stripe's books, beside its script; each intent names its order in Stripe's own copy.</summary>
    static async Task<(IReadOnlyDictionary<string, Money>, long Sum)> Ledger(Market market)
    {
        var stripe = new Uri((await Read(market, null, "/api/payments/config")).Text("scriptUrl"));
        var entries = new List<JsonElement>();
        Reply page;
        do
        {
            var after = entries.Count == 0 ? 0 : entries[^1].GetProperty("number").GetInt64();
            page = await Read(market, null, new Uri(stripe, $"/ledger?after={after}").ToString());
            entries.AddRange(page.Body.GetProperty("entries").EnumerateArray());
        }
        while (page.Body.GetProperty("more").GetBoolean());
        var ofOrder = new Dictionary<string, List<JsonElement>>();
        foreach (var ofIntent in entries.GroupBy(entry => entry.GetProperty("paymentIntent").GetString()!))
        {
            var order = await OrderOf(ofIntent.Key, stripe, market);
            // A shop may have several markets, one after the other.
            if (order is not null && !market.Told.Offers.ContainsKey(order.Split('-')[0])) continue;
            ofOrder.TryAdd(order ?? ofIntent.Key, []);
            ofOrder[order ?? ofIntent.Key].AddRange(ofIntent);
        }

        var sum = page.Body.GetProperty("balances").EnumerateObject().Sum(account => account.Value.GetInt64());
        return (ofOrder.ToDictionary(pair => pair.Key, pair => MoneyOf(pair.Value)), sum);
    }

    static async Task<string?> OrderOf(string intent, Uri stripe, Market market)
    {
        if (OrdersOfIntents.TryGetValue(intent, out var known)) return known;
        var path = new Uri(stripe, $"/v1/payment_intents/{intent}").ToString();
        var seen = await market.Shop.Ask(HttpMethod.Get, path, session: StripeKey);
        return seen.IsYes
            ? OrdersOfIntents[intent] = Optional(seen.Body.GetProperty("metadata"), "orderId")
            : throw new UnreadableException($"{intent} answered {seen}");
    }

    static Money MoneyOf(IReadOnlyList<JsonElement> entries)
    {
        long Sum(Func<JsonElement, bool> which) => entries.Where(which).Sum(Amount);
        static long Amount(JsonElement entry) => entry.GetProperty("amount").GetInt64();
        static bool Is(JsonElement entry, string member, string text) => entry.GetProperty(member).ValueEquals(text);
        return new(
            [.. entries.Where(entry => Is(entry, "kind", "capture")).Select(Amount)],
            Sum(entry => Is(entry, "kind", "refund")),
            Sum(entry => Is(entry, "to", "held")) - Sum(entry => Is(entry, "from", "held")));
    }

    static async IAsyncEnumerable<JsonElement> Pages(Market market, Person? who, string path)
    {
        for (string? after = ""; after is not null;)
        {
            var page = await Read(market, who, after.Length == 0 ? path : $"{path}&after={after}");
            foreach (var item in page.Items) yield return item;
            after = Optional(page.Body, "next");
        }
    }

    static async Task<Reply> Read(Market market, Person? who, string path)
    {
        var reply = await market.Shop.Ask(HttpMethod.Get, path, session: who?.Session);
        return reply.IsYes ? reply : throw new UnreadableException($"GET {path} answered {reply.Status} {reply.Code}");
    }

    static string? Optional(JsonElement of, string member) =>
        of.TryGetProperty(member, out var text) ? text.GetString() : null;
}

sealed class UnreadableException(string message) : Exception(message);
