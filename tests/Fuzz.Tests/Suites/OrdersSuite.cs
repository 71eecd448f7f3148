using System.Net;
using System.Net.Http.Json;
using Ticketing.Contracts;
using Ticketing.Orders;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>One third of the tickets is free, one third held, one third sold.</summary>
sealed class OrdersSuite(OtherAppsServer others) : Suite
{
    const int Free = 0, Held = 1, SoldOut = 2, Kinds = 3;
    static readonly DateTimeOffset ListedAt = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Show = new(2031, 5, 1, 20, 0, 0, TimeSpan.Zero);

    public override string Name => "orders";
    public override string Buyer(int number) => $"buyer{number}";

    public override string UserOf(FuzzRoute route, int number) =>
        route.Text.EndsWith("/refund", StringComparison.Ordinal) ? Seller(number) : Buyer(number);

    public override int NumberFor(FuzzRoute route, Random random)
    {
        var kind = route switch
        {
            { Method: "POST" } when route.Text.Contains("refund", StringComparison.Ordinal) => SoldOut,
            { Method: "DELETE" } => Held,
            { Method: "POST" } => Free,
            _ => random.Next(Held, Kinds),
        };
        return random.Next(Pool / Kinds) * Kinds + kind;
    }

    public override void Complete(RequestDraft draft, int number)
    {
        if (draft.Route.Text.EndsWith("refund-requests", StringComparison.Ordinal) && draft.Query.Count == 0)
            draft.Query.Add(("of", Order(number)));
    }

    protected override async Task Open()
    {
        var host = await Add(OrdersApp.Build, others.ServeFor, "--Orders:HeldMax=1000");
        for (var number = 0; number < Pool; number++)
        {
            await Deliver(host, Event.Of(TicketEvents.Listed, Snapshot(number)));
            if (number % Kinds == Free)
                continue;
            using var buyer = host.As(Buyer(number));
            using var placed = await buyer.PostAsJsonAsync("/api/orders", new { ticketId = Ticket(number) });
            Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
            if (number % Kinds != SoldOut)
                continue;
            var order = OrderId.Parse(Order(number));
            await Deliver(host, Event.Of(TicketEvents.Locked, Snapshot(number) with
            {
                Version = 2,
                Lock = new(1, LockState.Granted, order, new(Buyer(number)), Show),
            }));
            await Deliver(host, Event.Of(PaymentEvents.Authorized, new PaymentSnapshot
            {
                OrderId = order, Version = 1, Status = PaymentStatus.Authorized, Amount = new(4550, "usd"),
                AttemptsLeft = 3,
            }));
        }
    }

    TicketSnapshot Snapshot(int number) => new()
    {
        Id = new(Ticket(number)), Version = 1, Seller = new(Seller(number)), Title = "Hamlet", Price = new(4550, "usd"),
        TermsVersion = 1, ListedAt = ListedAt, StartsAt = Show,
    };

    static async Task Deliver(ServiceHost host, Event message)
    {
        using var answer = await host.Deliver(message);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
