namespace Ticketing.Run.Demo;

/// <summary>A whole purchase, told step by step over the public HTTP API; each step is a promise of the shop.</summary>
sealed class Journey(Uri shop, Narrator narrator) : IDisposable
{
    const long FirstPrice = 4550, Price = 4000;

    /// <summary>Waiting longer than this for a hold to end is no demonstration.</summary>
    static readonly TimeSpan HoldWatchedMax = TimeSpan.FromMinutes(2), Soon = TimeSpan.FromSeconds(10);

    readonly string _run = Guid.NewGuid().ToString("N")[..8];
    readonly List<Customer> _people = [];

    /// <exception cref="BrokenPromiseException">The first promise that was not kept.</exception>
    public async Task Tell(CancellationToken ct)
    {
        var (ada, ben, cleo) = (await SignUp("Ada", ct), await SignUp("Ben", ct), await SignUp("Cleo", ct));
        var ledger = await Ledger.Of(ben, ct);
        narrator.Say(ledger is null ? "(Stripe's books are not here to be read.)" : $"(Stripe's books: {ledger.Page})");

        narrator.Say("\nAda sells a ticket.");
        var ticket = await List(ada, ben, ct);
        narrator.Say("\nBen and Cleo want it at the same moment.");
        var (buyer, order) = await Race(ticket, ben, cleo, ada, ct);
        narrator.Say($"\n{buyer.Name} pays.");
        var payment = await Pay(buyer, order, ct);
        if (ledger is not null) await Audit(ledger, payment, "the price was captured, once", refunded: 0, ct);
        narrator.Say("\nCleo holds another ticket, and walks away.");
        await Expire(ada, cleo, ct);
        narrator.Say("\nAda gives the money back.");
        await Refund(ada, buyer, order, ct);
        if (ledger is not null) await Audit(ledger, payment, "it went back, once", refunded: Price, ct);
    }

    async Task<Customer> SignUp(string name, CancellationToken ct)
    {
        await narrator.Step($"{name} signs up", async () => _people.Add(await Customer.SignUp(
            shop, name, $"{name.ToLowerInvariant()}-{_run}@example.com", $"a long password {_run}", ct)));
        return _people[^1];
    }

    async Task<string> List(Customer seller, Customer anyone, CancellationToken ct)
    {
        Answer listed = null!;
        await narrator.Step("she lists it at $45.50", async () =>
            listed = await NewTicket(seller, "Row A", FirstPrice, ct));
        var (id, version) = (listed.Text("id"), listed.Text("version"));
        await narrator.Step("anyone sees it in the listings", () => anyone.SeesListed(id, _run, true, Soon, ct));
        await narrator.Step("she lowers the price to $40.00", async () =>
            (await seller.Put($"/api/tickets/{id}", Terms("Row A", Price), version, ct)).Must(200));
        await narrator.Step("an edit of the listing as it was before is refused", async () =>
            (await seller.Put($"/api/tickets/{id}", Terms("Row A", 1), version, ct)).MustRefuse(412, "stale-version"));
        await narrator.Step("nobody else can edit it", async () =>
            (await anyone.Put($"/api/tickets/{id}", Terms("Row A", 1), null, ct)).Must(403));
        return id;
    }

    async Task<(Customer Buyer, string Order)> Race(
        string ticket, Customer ben, Customer cleo, Customer seller, CancellationToken ct)
    {
        var (winner, order) = (ben, "");
        await narrator.Step("both press purchase; exactly one of them gets it", async () =>
        {
            var body = new { ticketId = ticket, expectedPrice = Price };
            var both = await Task.WhenAll(ben.Post("/api/orders", body, ct), cleo.Post("/api/orders", body, ct));
            var lost = both.SingleOrDefault(answer => answer.Status == 409)
                ?? throw new BrokenPromiseException($"both were answered {both[0].Status} and {both[1].Status}");
            lost.MustRefuse(409, "ticket-reserved");
            winner = both[0].Status == 201 ? ben : cleo;
            order = both.Single(answer => answer != lost).Must(201).Text("id");
        });
        await narrator.Step($"it is {winner.Name}'s, and awaits payment", () =>
            winner.Sees($"/api/orders/{order}", "awaitingPayment", Soon, ct));
        await narrator.Step("it is gone from the listings", () => seller.SeesListed(ticket, _run, false, Soon, ct));
        await narrator.Step("its seller cannot edit it now", async () =>
            (await seller.Put($"/api/tickets/{ticket}", Terms("Row A", 1), null, ct)).MustRefuse(409, "ticket-locked"));
        return (winner, order);
    }

    async Task<string> Pay(Customer buyer, string order, CancellationToken ct)
    {
        await narrator.Step("a card is declined, and the ticket is still held", async () =>
        {
            (await Pay(buyer, order, "pm_card_visa_chargeDeclined", ct)).MustRefuse(402, "card-declined");
            await buyer.Sees($"/api/orders/{order}", "awaitingPayment", Soon, ct);
        });
        await narrator.Step("another card is taken", async () =>
            (await Pay(buyer, order, "pm_card_visa", ct)).Must(200, 201));
        await narrator.Step("the order is complete", () => buyer.Sees($"/api/orders/{order}", "complete", Soon, ct));
        var payment = await buyer.Sees($"/api/payments/{order}", "captured", Soon, ct);
        await narrator.Step("pressing pay once more charges nothing", async () =>
        {
            await Pay(buyer, order, "pm_card_visa", ct);
            var again = (await buyer.Get($"/api/payments/{order}", ct)).Must(200);
            if (again.Text("stripeId") != payment.Text("stripeId"))
                throw new BrokenPromiseException("there is a second charge");
        });
        return payment.Text("stripeId");
    }

    async Task Expire(Customer seller, Customer buyer, CancellationToken ct)
    {
        var ticket = (await NewTicket(seller, "Row B", Price, ct)).Text("id");
        var order = (await buyer.Post("/api/orders", new { ticketId = ticket }, ct)).Must(201);
        var hold = order.Time("expiresAt") - order.Time("createdAt");
        if (hold > HoldWatchedMax)
        {
            narrator.Say($"  (A hold lasts {hold.TotalMinutes:0} minutes here; start with --hold 20 to see one end.)");
            return;
        }

        await narrator.Step($"after {hold.TotalSeconds:0} s her hold ends by itself", async () =>
        {
            var ended = await buyer.Sees($"/api/orders/{order.Text("id")}", "cancelled", hold + Soon, ct);
            if (ended.Text("reason") is var reason and not "expired")
                throw new BrokenPromiseException($"the reason was {reason}");
        });
        await narrator.Step("the ticket is in the listings again", () =>
            seller.SeesListed(ticket, _run, true, Soon, ct));
    }

    async Task Refund(Customer seller, Customer buyer, string order, CancellationToken ct)
    {
        await narrator.Step("the buyer cannot take it back alone", async () =>
            (await buyer.Post($"/api/orders/{order}/refund", null, ct)).Must(403, 404));
        await narrator.Step("the seller can", async () =>
            (await seller.Post($"/api/orders/{order}/refund", null, ct)).Must(202));
        await narrator.Step("the order is refunded", () => buyer.Sees($"/api/orders/{order}", "refunded", Soon, ct));
    }

    Task Audit(Ledger ledger, string payment, string entry, long refunded, CancellationToken ct) =>
        narrator.Step($"in Stripe's books {entry}", () => ledger.MustShow(payment, Price, refunded, ct));

    static Task<Answer> Pay(Customer buyer, string order, string card, CancellationToken ct) =>
        buyer.Post("/api/payments", new { orderId = order, paymentMethod = card }, ct);

    async Task<Answer> NewTicket(Customer seller, string seat, long price, CancellationToken ct) =>
        (await seller.Post("/api/tickets", Terms(seat, price), ct)).Must(201);

    object Terms(string seat, long price) =>
        new { title = $"The Lumineers {_run}", venue = "Red Rocks", seat, price, currency = "usd" };

    public void Dispose() => _people.ForEach(person => person.Dispose());
}
