using System.Collections.Concurrent;
using System.Text.Json;

namespace Ticketing.Shop.Tests;

sealed record TicketState(string Id, string Status, long Price, long Version, string? Order);

sealed record OrderState(string Id, string Ticket, Person Buyer, string Status, long Price)
{
    public bool IsLive => Status is "created" or "awaitingPayment";

    public bool HoldsTheTicket => IsLive || Status is "complete" or "refunding";
}

sealed record PaymentState(string Status, string? StripeId);

/// <summary>The charges of one order in Stripe's ledger. Minor units.</summary>
sealed record OrderMoney(IReadOnlyList<long> Captures, long Refunded, long Held)
{
    public static readonly OrderMoney None = new([], 0, 0);

    public long Captured => Captures.Sum();
}

/// <summary>The state of a client's tickets, orders and payments, read once from the API and Stripe's ledger.</summary>
/// <param name="Listed">Ids in the public listings.</param>
/// <param name="Payments">By order, for complete and refunded ones.</param>
/// <param name="Money">By the order in the metadata of Stripe's payment intent.</param>
sealed record ShopState(
    IReadOnlyDictionary<string, TicketState> Tickets, IReadOnlySet<string> Listed,
    IReadOnlyDictionary<string, OrderState> Orders, IReadOnlyDictionary<string, PaymentState> Payments,
    IReadOnlyDictionary<string, OrderMoney> Money, long LedgerSum)
{
    static readonly string StripeKey = JsonDocument.Parse(
        File.ReadAllText(Repository.At("components/development-secrets.json"))).RootElement
        .GetProperty("stripe-api-key").GetString()!;

    // Cached for all tests: an intent's id is unique, and its order never changes.
    static readonly ConcurrentDictionary<string, string?> OrdersOfIntents = new();

    /// <exception cref="UnreadableException">A part of the shop does not answer.</exception>
    public static async Task<ShopState> Of(ShopClient client)
    {
        var (offers, requested) = (client.Acknowledged.Offers, client.Acknowledged.Requested);
        var tickets = new Dictionary<string, TicketState>();
        foreach (var seller in offers.Values.Select(offer => offer.Seller).Distinct())
            await foreach (var item in Pages(client, seller, "/api/tickets/mine?limit=100"))
                if (Ticket(item) is var ticket && offers.ContainsKey(ticket.Id)) tickets[ticket.Id] = ticket;
        var listed = new HashSet<string>();
        await foreach (var item in Pages(client, null, $"/api/tickets?limit=100&q={client.Mark}"))
            listed.Add(item.GetProperty("id").GetString()!);
        var orders = new Dictionary<string, OrderState>();
        foreach (var buyer in requested.Select(purchase => purchase.Buyer).Distinct())
            await foreach (var item in Pages(client, buyer, "/api/orders?limit=100"))
                if (Order(item, buyer) is var order && offers.ContainsKey(order.Ticket)) orders[order.Id] = order;
        var payments = new Dictionary<string, PaymentState>();
        foreach (var order in orders.Values.Where(order => order.Status is "complete" or "refunded"))
        {
            var seen = await Read(client, order.Buyer, $"/api/payments/{order.Id}");
            payments[order.Id] = new(seen.Text("status"), Optional(seen.Body, "stripeId"));
        }

        var (money, sum) = await Ledger(client);
        return new ShopState(tickets, listed, orders, payments, money, sum);
    }

    static TicketState Ticket(JsonElement item) => new(
        item.GetProperty("id").GetString()!, item.GetProperty("status").GetString()!,
        item.GetProperty("price").GetInt64(), item.GetProperty("version").GetInt64(), Optional(item, "orderId"));

    static OrderState Order(JsonElement item, Person buyer) => new(
        item.GetProperty("id").GetString()!, item.GetProperty("ticketId").GetString()!, buyer,
        item.GetProperty("status").GetString()!, item.GetProperty("price").GetInt64());

    /// <summary>Reads the local Stripe's ledger; the metadata of each intent names its order.</summary>
    static async Task<(IReadOnlyDictionary<string, OrderMoney>, long Sum)> Ledger(ShopClient client)
    {
        var stripe = new Uri((await Read(client, null, "/api/payments/config")).Text("scriptUrl"));
        var entries = new List<JsonElement>();
        Reply page;
        do
        {
            var after = entries.Count == 0 ? 0 : entries[^1].GetProperty("number").GetInt64();
            page = await Read(client, null, new Uri(stripe, $"/ledger?after={after}").ToString());
            entries.AddRange(page.Body.GetProperty("entries").EnumerateArray());
        }
        while (page.Body.GetProperty("more").GetBoolean());
        var ofOrder = new Dictionary<string, List<JsonElement>>();
        foreach (var ofIntent in entries.GroupBy(entry => entry.GetProperty("paymentIntent").GetString()!))
        {
            var order = await OrderOf(ofIntent.Key, stripe, client);
            // A shop may have several clients, one after the other: skip other clients' orders.
            if (order is not null && !client.Acknowledged.Offers.ContainsKey(order.Split('-')[0])) continue;
            ofOrder.TryAdd(order ?? ofIntent.Key, []);
            ofOrder[order ?? ofIntent.Key].AddRange(ofIntent);
        }

        var sum = page.Body.GetProperty("balances").EnumerateObject().Sum(account => account.Value.GetInt64());
        return (ofOrder.ToDictionary(pair => pair.Key, pair => MoneyOf(pair.Value)), sum);
    }

    static async Task<string?> OrderOf(string intent, Uri stripe, ShopClient client)
    {
        if (OrdersOfIntents.TryGetValue(intent, out var known)) return known;
        var path = new Uri(stripe, $"/v1/payment_intents/{intent}").ToString();
        var seen = await client.Shop.Send(HttpMethod.Get, path, session: StripeKey);
        return seen.IsSuccess
            ? OrdersOfIntents[intent] = Optional(seen.Body.GetProperty("metadata"), "orderId")
            : throw new UnreadableException($"{intent} answered {seen}");
    }

    static OrderMoney MoneyOf(IReadOnlyList<JsonElement> entries)
    {
        long Sum(Func<JsonElement, bool> which) => entries.Where(which).Sum(Amount);
        static long Amount(JsonElement entry) => entry.GetProperty("amount").GetInt64();
        static bool Is(JsonElement entry, string member, string text) => entry.GetProperty(member).ValueEquals(text);
        return new(
            [.. entries.Where(entry => Is(entry, "kind", "capture")).Select(Amount)],
            Sum(entry => Is(entry, "kind", "refund")),
            Sum(entry => Is(entry, "to", "held")) - Sum(entry => Is(entry, "from", "held")));
    }

    static async IAsyncEnumerable<JsonElement> Pages(ShopClient client, Person? who, string path)
    {
        for (string? after = ""; after is not null;)
        {
            var page = await Read(client, who, after.Length == 0 ? path : $"{path}&after={after}");
            foreach (var item in page.Items) yield return item;
            after = Optional(page.Body, "next");
        }
    }

    static async Task<Reply> Read(ShopClient client, Person? who, string path)
    {
        var reply = await client.Shop.Send(HttpMethod.Get, path, session: who?.Session);
        return reply.IsSuccess
            ? reply
            : throw new UnreadableException($"GET {path} answered {reply.Status} {reply.Code}");
    }

    static string? Optional(JsonElement of, string member) =>
        of.TryGetProperty(member, out var text) ? text.GetString() : null;
}

sealed class UnreadableException(string message) : Exception(message);
