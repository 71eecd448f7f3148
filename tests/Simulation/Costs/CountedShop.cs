using System.Text;
using System.Text.Json;
using Dapr.Actors.Client;
using Microsoft.Extensions.DependencyInjection;
using Stripe;
using Ticketing.Expiration;
using Ticketing.Orders;
using Ticketing.Payments;
using Ticketing.Testing;
using Ticketing.Tickets;

namespace Ticketing.Simulation.Costs;

/// <summary>
/// All services as they are composed, one process of each, over stores and a broker in memory. Time stands still during
/// a purchase, so that nothing periodic is counted with it.
/// </summary>
sealed class CountedShop
{
    public const string Seller = "seller";
    const long Price = 4550;

    readonly SimWorld world;
    readonly CountedStripe stripe;
    readonly CountedActors actors;
    readonly CountedApp[] apps;
    int listed;

    public CountedShop(int seed)
    {
        world = new(seed);
        stripe = new(Tally);
        actors = new(Tally, world.Clock);
        apps =
        [
            new("tickets", TicketsApp.Build, world, Tally, Send),
            new("orders", OrdersApp.Build, world, Tally, Send),
            new("payments", PaymentsApp.Build, world, Tally, Send, services => services.AddSingleton<IHttpClient>(stripe)),
            new("expiration", ExpirationApp.Build, world, Tally, Send,
                services => services.AddSingleton<IActorProxyFactory>(actors)),
        ];
        actors.Sidecar = Expiration.Services.GetRequiredService<ISidecar>();
        Tickets.Services.GetRequiredService<Catalog>().Complete();
    }

    public Tally Tally { get; } = new();

    CountedApp Tickets => apps[0];
    CountedApp Orders => apps[1];
    CountedApp Payments => apps[2];
    CountedApp Expiration => apps[3];

    void Send(Contracts.Event message, string notOfItself)
    {
        foreach (var app in apps)
            foreach (var deliver in app.Receivers(message, notOfItself))
                _ = Deliver(app.Id, message, deliver);
    }

    async Task Deliver(string app, Contracts.Event message, Func<Task> deliver)
    {
        await Task.Yield();
        Tally.Add(app, Cost.Delivery, message.Id);
        await deliver();
    }

    /// <summary>So many purchases of different tickets by different buyers, each step of all of them at once.</summary>
    /// <param name="inBrowser">The forms carry idempotency keys, and Stripe calls the webhook with all its events.</param>
    public void Buy(int purchases, bool inBrowser)
    {
        var buyers = Enumerable.Range(0, purchases).Select(n => $"buyer{++listed}").ToList();
        var tickets = All(buyers, (buyer, _) => Tickets.Send("POST", "/api/tickets/", Seller,
            new { title = "Hamlet", price = Price }, inBrowser ? ("Idempotency-Key", buyer) : null));
        var orders = All(buyers, (buyer, n) => Orders.Send("POST", "/api/orders/", buyer,
            new { ticketId = Id(tickets[n]), expectedPrice = Price }));
        All(buyers, (buyer, n) => Payments.Send("POST", "/api/payments/", buyer,
            new { orderId = Id(orders[n]), paymentMethod = "pm_card_visa" }));
        while (inBrowser && stripe.TakeEvents() is { Count: > 0 } events)
            All(events, (payload, _) => Webhook(payload));
        Tally.IsOn = false;
        foreach (var (buyer, order) in buyers.Zip(orders))
            Check(buyer, Id(order));
        Tally.IsOn = true;
    }

    Task<JsonElement> Webhook(string payload)
    {
        var time = world.Clock.GetUtcNow().ToUnixTimeSeconds();
        var signature = EventUtility.GenerateSignatureHeader(payload, CountedApp.WebhookSecret, time);
        return Payments.Send("POST", "/api/payments/webhooks/stripe", "", Encoding.UTF8.GetBytes(payload),
            ("Stripe-Signature", signature));
    }

    void Check(string buyer, string id)
    {
        var order = new Contracts.OrderId(new(id[..id.LastIndexOf('-')]), 1);
        var book = Find<Book>(Orders, order.TicketId);
        Assert.Equal((Contracts.OrderStatus.Complete, buyer), (book.Current!.Status, book.Current.Buyer.Value));
        Assert.Equal(order, Find<Ticket>(Tickets, order.TicketId).SoldTo);
        Assert.Equal(Contracts.PaymentStatus.Captured, Find<Payment>(Payments, order).Status);
        Assert.DoesNotContain(actors.Set, one => one.Actor == id);
    }

    T Find<T>(CountedApp app, string id) where T : class, IAggregate<T> =>
        world.Complete(() => app.Services.GetRequiredService<AggregateStore<T>>().Find(id))!;

    static string Id(JsonElement answer) => answer.GetProperty("id").GetString()!;

    // Until nothing is left to do at this moment.
    List<JsonElement> All(List<string> inputs, Func<string, int, Task<JsonElement>> call)
    {
        var answers = world.CompleteAll(() => inputs.Select((input, n) => call(input, n)));
        world.Run(TimeSpan.Zero);
        return [.. answers];
    }
}
