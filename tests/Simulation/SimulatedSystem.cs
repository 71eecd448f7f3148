using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ticketing.Contracts;
using Ticketing.Orders;
using Ticketing.Payments;
using Ticketing.Testing;
using Ticketing.Tickets;

namespace Ticketing.Simulation;

/// <summary>
/// The whole system in one seeded simulation: the real rules, store, journal, recovery and repeats; a broker that
/// delays, duplicates, reorders and loses messages; processes that are killed; a Stripe whose replies get lost; users.
/// </summary>
sealed class SimulatedSystem
{
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(60);
    const int AttemptsMax = 3;

    readonly SimWorld world;
    readonly HashSet<OrderId> armed = [];
    readonly HashSet<OrderId> over = [];
    readonly Dictionary<(OrderId, UserId, DateTimeOffset), Glimpse> agreed = [];
    int listed;

    public SimulatedSystem(int seed)
    {
        world = new(seed);
        Stripe = new(world.Random);
        // One of the stores is like Redis, whose transactions are not rolled back.
        var isAtomic = world.Random.Next(2) == 0;
        Tickets = new(world, Send, Script, isAtomic: isAtomic);
        Orders = new(world, Send, Script, isAtomic: !isAtomic);
        Payments = new(world, Send, Script, new SimulatedStripeEffects(Stripe, world.Clock), isAtomic);
        _ = world.Within(AskOverdueLocks);
        _ = world.Within(ThawNowAndThen);
        _ = world.Within(LookAtCharges);
    }

    // Webhooks may never come.
    async Task LookAtCharges()
    {
        while (true)
        {
            await Task.Delay(LookInterval, world.Clock);
            foreach (var intent in Stripe.Intents.Values.ToList())
                _ = Look(intent.Order);
        }
    }

    Task<bool> Look(OrderId id) => Put(Payments, id, payment =>
        Stripe.Read(id) is { } state ? payment.Observe(state, Now) : payment);

    // What was sent lands late, perhaps after its sender's death.
    async Task ThawNowAndThen()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(world.Random.Next(30_000)), world.Clock);
            Tickets.Thaw();
            Orders.Thaw();
            Payments.Thaw();
        }
    }

    // Like the catalog of the tickets service, which knows every lock and its deadline.
    async Task AskOverdueLocks()
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), world.Clock);
            foreach (var ticket in Tickets.ReadAll().Where(ticket => Tickets.Up && !ticket.IsSettled(Now)).ToList())
                _ = Ask(ticket.Id);
        }
    }

    async Task Ask(TicketId id)
    {
        try
        {
            await Tickets.Aggregates.Repeat(id);
        }
        catch (SidecarException)
        {
            // Tried again in two seconds.
        }
    }

    public Node<Ticket> Tickets { get; }
    public Node<Book> Orders { get; }
    public Node<Payment> Payments { get; }
    public SimulatedStripe Stripe { get; }
    public SimWorld World => world;
    public DateTimeOffset Now => world.Clock.GetUtcNow();

    /// <summary>Whether calls fail and messages are late, repeated or lost.</summary>
    public bool Hostile
    {
        get;
        set => (field, Stripe.Hostile) = (value, value);
    } = true;

    /// <summary>The expiration service sends nothing: holds must end without it.</summary>
    public bool ExpirationMuted { get; set; }

    /// <summary>One in this many messages is acknowledged and never delivered.</summary>
    public int LoseOneIn { get; set; } = 5;

    Accident Script(Call call) => !Hostile ? Accident.None : world.Random.Next(200) switch
    {
        < 4 => Accident.FailBefore,
        < 8 => Accident.FailAfter,
        < 10 => Accident.ReplyConflict,
        < 12 when call.Operation is Operation.Save or Operation.Transact => Accident.LandLate,
        < 13 => Accident.FirstWriteOnly,
        < 14 => Accident.Freeze,
        _ => Accident.None,
    };

    void Send(Event message)
    {
        foreach (var receiver in Receivers(message))
        {
            var copies = Hostile && world.Random.Next(5) == 0 ? 2 : 1;
            for (var copy = 0; copy < copies; copy++)
                if (!Hostile || world.Random.Next(LoseOneIn) != 0)
                    _ = Deliver(receiver);
        }
    }

    async Task Deliver(Func<Task<bool>> receiver)
    {
        for (var attempt = 0; attempt < 6; attempt++)
        {
            // Most arrive at once, some much later than messages sent after them.
            var wait = Hostile && world.Random.Next(10) == 0 ? world.Random.Next(20_000) : world.Random.Next(50);
            await Task.Delay(TimeSpan.FromMilliseconds(wait), world.Clock);
            if (await receiver())
                return;
        }
    }

    IEnumerable<Func<Task<bool>>> Receivers(Event message)
    {
        switch (message.Topic)
        {
            case Topics.Orders:
                var order = Read(message, ContractsJson.Default.OrderSnapshot);
                yield return () => Put(Tickets, order.TicketId, ticket => ticket.Apply(order, Now));
                yield return () =>
                    Put(Payments, order.Id, payment => payment.Apply(PayableOrder.Of(order), order.Again, Now));
                yield return () => Expiration(order);
                break;
            case Topics.Tickets:
                var ticket = Read(message, ContractsJson.Default.TicketSnapshot);
                yield return () => Put(Orders, ticket.Id, book => book.Apply(ticket, Now));
                break;
            case Topics.Payments:
                var payment = Read(message, ContractsJson.Default.PaymentSnapshot);
                yield return () => Put(Orders, payment.OrderId.TicketId, book => book.Apply(payment, Now));
                break;
        }
    }

    static T Read<T>(Event message, JsonTypeInfo<T> json) => message.Data.Deserialize(json)!;

    static async Task<bool> Put<T>(Node<T> node, string id, Func<T, Decision<T>> decide) where T : class, IAggregate<T>
    {
        if (!node.Up)
            return false;
        try
        {
            await node.Aggregates.Update(id, decide);
            return true;
        }
        catch (TryAgainException)
        {
            return false;
        }
    }

    async Task<bool> Expiration(OrderSnapshot order)
    {
        if (!order.IsLive)
            over.Add(order.Id);
        if (ExpirationMuted || over.Contains(order.Id) || !armed.Add(order.Id))
            return true;
        var wait = order.ExpiresAt - Now;
        while (!over.Contains(order.Id))
        {
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, world.Clock);
            _ = Deliver(() => Put(Orders, order.TicketId, book => book.Expire(order.Id, Now)));
            wait = TimeSpan.FromSeconds(30);
        }
        return true;
    }

    // The users' actions.

    public TicketId List(UserId seller, Terms terms)
    {
        var id = new TicketId($"t{++listed}");
        _ = world.Within(() => Put(Tickets, id, ticket => ticket.List(seller, terms, null, Now)));
        return id;
    }

    public void Edit(TicketId id, UserId seller, Terms terms) =>
        _ = world.Within(() => Put(Tickets, id, ticket => ticket.Edit(seller, terms, null)));

    public void Withdraw(TicketId id, UserId seller) =>
        _ = world.Within(() => Put(Tickets, id, ticket => ticket.Withdraw(seller)));

    /// <param name="seen">The ticket as its buyer saw it, perhaps a while ago; null: the buyer takes any terms.</param>
    public void Place(TicketId id, UserId buyer, Glimpse? seen) =>
        _ = world.Within(() => Put(Orders, id, book =>
        {
            var decision = book.Place(buyer, seen?.Said, Hold, Now);
            // The rule may be asked again, and its first answer be saved after all: each answer has its own moment.
            if (seen is not null && decision is { Changed: true, State.Current: { } order })
                agreed[(order.Id, buyer, order.CreatedAt)] = seen;
            return decision;
        }));

    /// <summary>What the buyer of this order had seen; null if nothing.</summary>
    public Glimpse? SeenBy(Order order) => agreed.GetValueOrDefault((order.Id, order.Buyer, order.CreatedAt));

    public void Cancel(OrderId id, UserId buyer) =>
        _ = world.Within(() => Put(Orders, id.TicketId, book => book.Cancel(id, buyer, Now)));

    public void Refund(OrderId id, UserId seller, bool relist) =>
        _ = world.Within(() => Put(Orders, id.TicketId, book => book.Refund(id, seller, Now, relist)));

    /// <summary>Stripe cancels or refunds the payment; its webhook is late, doubled or lost.</summary>
    public void StripeActs(OrderId id)
    {
        Stripe.ActByItself(id);
        for (var copies = world.Random.Next(3); copies > 0; copies--)
            _ = world.Within(() => Deliver(() => Look(id)));
    }

    public void Pay(OrderId id, UserId buyer) =>
        _ = world.Within(() => Put(Payments, id, payment => payment.Pay(buyer, "pm_card", AttemptsMax, Now, $"of-{id}")));
}
