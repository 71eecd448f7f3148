using System.Diagnostics;

namespace Ticketing.Shop.Tests;

/// <summary>Calls a shop's API as several people do, and records what the shop acknowledged.</summary>
sealed class ShopClient(KillableShop shop)
{
    /// <summary>Longer than any part of the shop may be down.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(30);

    int _people, _tickets;

    public const string Card = "pm_card_visa", BadCard = "pm_card_visa_chargeDeclined";

    public KillableShop Shop => shop;

    /// <summary>Part of the title of every listing, to find them by a search.</summary>
    public string Mark { get; } = $"m{Guid.NewGuid():N}"[..9];

    public Acknowledgements Acknowledged { get; } = new();

    public async Task<Person> SignUp(string name = "somebody")
    {
        var email = $"{name}-{Interlocked.Increment(ref _people)}-{Mark}@example.com";
        var body = new { email, password = Person.Password };
        var reply = await RetryWhileUnsure(() => shop.Send(HttpMethod.Post, "/api/users/signup", body));
        // The answer to the first try was lost.
        if (reply.Code == "email-in-use")
            reply = await RetryWhileUnsure(() => shop.Send(HttpMethod.Post, "/api/users/signin", body));
        Assert.True(reply.IsSuccess, $"{email} was answered {reply}");
        return Acknowledged.People[email] = new Person(email, reply.Session!);
    }

    /// <summary>Adds people of another shop, whose tokens are valid here too.</summary>
    public void AddPeople(IEnumerable<Person> people)
    {
        foreach (var person in people) Acknowledged.People[person.Email] = person;
    }

    public async Task<Offer> List(Person seller, long price)
    {
        var number = Interlocked.Increment(ref _tickets);
        var terms = Terms(price);
        var reply = await RetryWhileUnsure(() =>
            Send(seller, HttpMethod.Post, "/api/tickets", terms, $"{Mark}-{number}"));
        Assert.True(reply.Status == 201, $"A listing was answered {reply}");
        var id = reply.Text("id");
        return Acknowledged.Offers[id] = new Offer(id, seller, price);
    }

    /// <param name="changed">Terms that become other ones, by JSON name.</param>
    public async Task<Reply> Edit(Offer offer, long price, params (string Term, object Value)[] changed)
    {
        offer.Requested.Add(price);
        var terms = Terms(price);
        foreach (var (term, value) in changed) terms[term] = value;
        var reply = await Send(offer.Seller, HttpMethod.Put, $"/api/tickets/{offer.Id}", terms);
        if (reply.IsSuccess) offer.Acknowledge(reply.Number("version"), reply.Number("price"));
        return reply;
    }

    /// <param name="terms">The version of all the terms that the buyer saw; null: the buyer names the price alone.</param>
    public async Task<Reply> Buy(Person buyer, Offer offer, long price, long? terms = null)
    {
        var purchase = new Purchase(buyer, offer.Id, price);
        Acknowledged.Requested.Add(purchase);
        object body = terms is null ? new { ticketId = offer.Id, expectedPrice = price }
            : new { ticketId = offer.Id, expectedTerms = terms };
        var reply = await Send(buyer, HttpMethod.Post, "/api/orders", body);
        // 200: the buyer has a live order already, at the price of that earlier request.
        if (reply.Status == 201) Acknowledged.Orders[reply.Text("id")] = purchase;
        return reply;
    }

    public async Task<Reply> Pay(Person buyer, string order, string card = Card)
    {
        var body = new { orderId = order, paymentMethod = card };
        var reply = await Send(buyer, HttpMethod.Post, "/api/payments", body);
        if (reply.IsSuccess && reply.Text("status") is "authorized" or "captured")
            Acknowledged.Paid[order] = reply.Text("stripeId");
        return reply;
    }

    public async Task<Reply> GiveUp(Person buyer, string order)
    {
        var reply = await Send(buyer, HttpMethod.Delete, $"/api/orders/{order}");
        if (reply.IsSuccess) Acknowledged.GivenUp[order] = true;
        return reply;
    }

    public async Task<Reply> Refund(Person seller, string order)
    {
        var reply = await Send(seller, HttpMethod.Post, $"/api/orders/{order}/refund", new { relist = true });
        if (reply.IsSuccess) Acknowledged.Refunded[order] = true;
        return reply;
    }

    /// <summary>Waits until the order has one of these statuses; null: not within the time.</summary>
    public async Task<Reply?> WaitForStatus(Person buyer, string order, TimeSpan within, params string[] statuses)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < within; await Task.Delay(LookEvery))
        {
            var seen = await Send(buyer, HttpMethod.Get, $"/api/orders/{order}");
            if (seen.IsSuccess && statuses.Contains(seen.Text("status"))) return seen;
        }

        return null;
    }

    public Task<Reply> Send(Person who, HttpMethod method, string path, object? body = null, string? key = null) =>
        shop.Send(method, path, body, who.Session, key);

    /// <summary>Repeats an idempotent request while its outcome is unknown.</summary>
    public static async Task<Reply> RetryWhileUnsure(Func<Task<Reply>> ask)
    {
        for (var watch = Stopwatch.StartNew(); ; await Task.Delay(LookEvery))
        {
            var reply = await ask();
            if (!reply.IsUnsure && reply.Status != 429 || watch.Elapsed > Patience) return reply;
        }
    }

    Dictionary<string, object> Terms(long price) => new()
    {
        ["title"] = $"A show {Mark}", ["seat"] = "Row A", ["startsAt"] = "2090-01-01T20:00:00Z", ["price"] = price,
        ["currency"] = "usd",
    };
}
