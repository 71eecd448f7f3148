using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>What people do in a shop, and what it told them.</summary>
sealed class Market(Premises shop)
{
    /// <summary>Longer than any part of the shop may be away.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(30);

    int _people, _tickets;

    public const string Card = "pm_card_visa", BadCard = "pm_card_visa_chargeDeclined";

    public Premises Shop => shop;

    /// <summary>In the title of everything listed here.</summary>
    public string Mark { get; } = $"m{Guid.NewGuid():N}"[..9];

    public Receipts Told { get; } = new();

    public async Task<Person> SignUp(string name = "somebody")
    {
        var email = $"{name}-{Interlocked.Increment(ref _people)}-{Mark}@example.com";
        var body = new { email, password = Person.Password };
        var reply = await Insist(() => shop.Ask(HttpMethod.Post, "/api/users/signup", body));
        // The answer to the first try was lost.
        if (reply.Code == "email-in-use")
            reply = await Insist(() => shop.Ask(HttpMethod.Post, "/api/users/signin", body));
        Assert.True(reply.IsYes, $"{email} was answered {reply}");
        return Told.People[email] = new Person(email, reply.Session!);
    }

    /// <summary>People of another shop, whose sessions hold here.</summary>
    public void Welcome(IEnumerable<Person> people)
    {
        foreach (var person in people) Told.People[person.Email] = person;
    }

    public async Task<Offer> List(Person seller, long price)
    {
        var number = Interlocked.Increment(ref _tickets);
        var terms = Terms(price);
        var reply = await Insist(() => Ask(seller, HttpMethod.Post, "/api/tickets", terms, $"{Mark}-{number}"));
        Assert.True(reply.Status == 201, $"A listing was answered {reply}");
        var id = reply.Text("id");
        return Told.Offers[id] = new Offer(id, seller, price);
    }

    public async Task<Reply> Edit(Offer offer, long price)
    {
        offer.Asked.Add(price);
        var reply = await Ask(offer.Seller, HttpMethod.Put, $"/api/tickets/{offer.Id}", Terms(price));
        if (reply.IsYes) offer.Tell(reply.Number("version"), reply.Number("price"));
        return reply;
    }

    public async Task<Reply> Buy(Person buyer, Offer offer, long price)
    {
        var purchase = new Purchase(buyer, offer.Id, price);
        Told.Asked.Add(purchase);
        var body = new { ticketId = offer.Id, expectedPrice = price };
        var reply = await Ask(buyer, HttpMethod.Post, "/api/orders", body);
        // 200: the buyer holds it already, at the price that he sent then.
        if (reply.Status == 201) Told.Orders[reply.Text("id")] = purchase;
        return reply;
    }

    public async Task<Reply> Pay(Person buyer, string order, string card = Card)
    {
        var body = new { orderId = order, paymentMethod = card };
        var reply = await Ask(buyer, HttpMethod.Post, "/api/payments", body);
        if (reply.IsYes && reply.Text("status") is "authorized" or "captured")
            Told.Paid[order] = reply.Text("stripeId");
        return reply;
    }

    public async Task<Reply> GiveUp(Person buyer, string order)
    {
        var reply = await Ask(buyer, HttpMethod.Delete, $"/api/orders/{order}");
        if (reply.IsYes) Told.GivenUp[order] = true;
        return reply;
    }

    public async Task<Reply> Refund(Person seller, string order)
    {
        var reply = await Ask(seller, HttpMethod.Post, $"/api/orders/{order}/refund");
        if (reply.IsYes) Told.Refunded[order] = true;
        return reply;
    }

    /// <summary>Looks until the order is one of these; null: not within the time.</summary>
    public async Task<Reply?> Becomes(Person buyer, string order, TimeSpan within, params string[] statuses)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < within; await Task.Delay(LookEvery))
        {
            var seen = await Ask(buyer, HttpMethod.Get, $"/api/orders/{order}");
            if (seen.IsYes && statuses.Contains(seen.Text("status"))) return seen;
        }

        return null;
    }

    public Task<Reply> Ask(Person who, HttpMethod method, string path, object? body = null, string? key = null) =>
        shop.Ask(method, path, body, who.Session, key);

    /// <summary>Asks again while nobody knows: for what is done once however often it is asked.</summary>
    public static async Task<Reply> Insist(Func<Task<Reply>> ask)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(LookEvery))
        {
            var reply = await ask();
            if (!reply.IsUnsure && reply.Status != 429 || watch.Elapsed > Patience) return reply;
        }
    }

    object Terms(long price) => new { title = $"A show {Mark}", seat = "Row A", price, currency = "usd" };
}
