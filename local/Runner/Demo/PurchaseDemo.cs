namespace Ticketing.Run.Demo;

/// <summary>A whole purchase over the public HTTP API, step by step; each step checks what the shop must do.</summary>
sealed class PurchaseDemo(Uri shop, DemoOutput output) : IDisposable
{
    const long FirstPrice = 4550, Price = 4000;

    /// <summary>If a hold is longer than this, the demo does not wait for its end.</summary>
    static readonly TimeSpan HoldWatchedMax = TimeSpan.FromMinutes(2), Soon = TimeSpan.FromSeconds(10);

    readonly string _run = Guid.NewGuid().ToString("N")[..8];
    readonly List<Customer> _people = [];

    /// <exception cref="DemoFailedException">A step failed; the later ones are not run.</exception>
    public async Task Run(CancellationToken ct)
    {
        var (ada, ben, cleo) = (await SignUp("Ada", ct), await SignUp("Ben", ct), await SignUp("Cleo", ct));
        var ledger = await StripeLedger.Of(ben, ct);
        output.Write(ledger is null ? "(No local Stripe: no ledger to check.)" : $"(Stripe's ledger: {ledger.Page})");

        output.Write("\nAda sells a ticket.");
        var ticket = await List(ada, ben, ct);
        output.Write("\nBen and Cleo want it at the same moment.");
        var (buyer, order) = await Race(ticket, ben, cleo, ada, ct);
        output.Write($"\n{buyer.Name} pays.");
        var payment = await Pay(buyer, order, ct);
        if (ledger is not null) await Audit(ledger, payment, "the price was captured, once", refunded: 0, ct);
        output.Write("\nCleo holds another ticket and does not pay.");
        await Expire(ada, cleo, ct);
        output.Write("\nAda gives the money back.");
        await Refund(ada, buyer, order, ct);
        if (ledger is not null) await Audit(ledger, payment, "it was refunded, once", refunded: Price, ct);
    }

    async Task<Customer> SignUp(string name, CancellationToken ct)
    {
        await output.Step($"{name} signs up", async () => _people.Add(await Customer.SignUp(
            shop, name, $"{name.ToLowerInvariant()}-{_run}@example.com", $"a long password {_run}", ct)));
        return _people[^1];
    }

    async Task<string> List(Customer seller, Customer anyone, CancellationToken ct)
    {
        ApiResponse listed = null!;
        await output.Step("she lists it at $45.50", async () =>
            listed = await NewTicket(seller, "Row A", FirstPrice, ct));
        var (id, version) = (listed.Text("id"), listed.Text("version"));
        await output.Step("everybody sees it in the listings", () => anyone.WaitForListing(id, _run, true, Soon, ct));
        await output.Step("she lowers the price to $40.00", async () =>
            (await seller.Put($"/api/tickets/{id}", Terms("Row A", Price), version, ct)).Must(200));
        await output.Step("an edit of the old version is refused", async () =>
            (await seller.Put($"/api/tickets/{id}", Terms("Row A", 1), version, ct)).MustRefuse(412, "stale-version"));
        await output.Step("nobody else can edit it", async () =>
            (await anyone.Put($"/api/tickets/{id}", Terms("Row A", 1), null, ct)).Must(403));
        return id;
    }

    async Task<(Customer Buyer, string Order)> Race(
        string ticket, Customer ben, Customer cleo, Customer seller, CancellationToken ct)
    {
        var (winner, order) = (ben, "");
        await output.Step("both press purchase; exactly one of them gets it", async () =>
        {
            var body = new { ticketId = ticket, expectedPrice = Price };
            var both = await Task.WhenAll(ben.Post("/api/orders", body, ct), cleo.Post("/api/orders", body, ct));
            var lost = both.SingleOrDefault(answer => answer.Status == 409)
                ?? throw new DemoFailedException($"both were answered {both[0].Status} and {both[1].Status}");
            lost.MustRefuse(409, "ticket-reserved");
            winner = both[0].Status == 201 ? ben : cleo;
            order = both.Single(answer => answer != lost).Must(201).Text("id");
        });
        await output.Step($"it is {winner.Name}'s, and awaits payment", () =>
            winner.WaitForStatus($"/api/orders/{order}", "awaitingPayment", Soon, ct));
        await output.Step("it is gone from the listings", () => seller.WaitForListing(ticket, _run, false, Soon, ct));
        await output.Step("its seller cannot edit it now", async () =>
            (await seller.Put($"/api/tickets/{ticket}", Terms("Row A", 1), null, ct)).MustRefuse(409, "ticket-locked"));
        return (winner, order);
    }

    async Task<string> Pay(Customer buyer, string order, CancellationToken ct)
    {
        await output.Step("a card is declined, and the ticket is still held", async () =>
        {
            (await Pay(buyer, order, "pm_card_visa_chargeDeclined", ct)).MustRefuse(402, "card-declined");
            await buyer.WaitForStatus($"/api/orders/{order}", "awaitingPayment", Soon, ct);
        });
        await output.Step("another card is accepted", async () =>
            (await Pay(buyer, order, "pm_card_visa", ct)).Must(200, 201));
        await output.Step("the order is complete", () =>
            buyer.WaitForStatus($"/api/orders/{order}", "complete", Soon, ct));
        var payment = await buyer.WaitForStatus($"/api/payments/{order}", "captured", Soon, ct);
        await output.Step("pressing pay once more charges nothing", async () =>
        {
            await Pay(buyer, order, "pm_card_visa", ct);
            var again = (await buyer.Get($"/api/payments/{order}", ct)).Must(200);
            if (again.Text("stripeId") != payment.Text("stripeId"))
                throw new DemoFailedException("there is a second charge");
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
            output.Write($"  (A hold lasts {hold.TotalMinutes:0} minutes here; --hold 20 shows one expire.)");
            return;
        }

        await output.Step($"after {hold.TotalSeconds:0} s her hold expires", async () =>
        {
            var ended = await buyer.WaitForStatus($"/api/orders/{order.Text("id")}", "cancelled", hold + Soon, ct);
            if (ended.Text("reason") is var reason and not "expired")
                throw new DemoFailedException($"the reason was {reason}");
        });
        await output.Step("the ticket is in the listings again", () =>
            seller.WaitForListing(ticket, _run, true, Soon, ct));
    }

    async Task Refund(Customer seller, Customer buyer, string order, CancellationToken ct)
    {
        await output.Step("the buyer cannot refund the order", async () =>
            (await buyer.Post($"/api/orders/{order}/refund", null, ct)).Must(403, 404));
        await output.Step("the seller can", async () =>
            (await seller.Post($"/api/orders/{order}/refund", null, ct)).Must(202));
        await output.Step("the order is refunded", () =>
            buyer.WaitForStatus($"/api/orders/{order}", "refunded", Soon, ct));
    }

    Task Audit(StripeLedger ledger, string payment, string entry, long refunded, CancellationToken ct) =>
        output.Step($"in Stripe's ledger {entry}", () => ledger.MustShow(payment, Price, refunded, ct));

    static Task<ApiResponse> Pay(Customer buyer, string order, string card, CancellationToken ct) =>
        buyer.Post("/api/payments", new { orderId = order, paymentMethod = card }, ct);

    async Task<ApiResponse> NewTicket(Customer seller, string seat, long price, CancellationToken ct) =>
        (await seller.Post("/api/tickets", Terms(seat, price), ct)).Must(201);

    object Terms(string seat, long price) =>
        new { title = $"The Lumineers {_run}", venue = "Red Rocks", seat, price, currency = "usd" };

    public void Dispose() => _people.ForEach(person => person.Dispose());
}
