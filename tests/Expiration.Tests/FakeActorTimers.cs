using Dapr.Actors.Runtime;
using Microsoft.Extensions.Time.Testing;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Expiration.Tests;

/// <summary>Fake timer and reminder of one order's actor, which outlive the actor, and what it published.</summary>
sealed class FakeActorTimers : ActorTimerManager
{
    public static readonly DateTimeOffset Now = new(2030, 6, 1, 20, 0, 0, TimeSpan.Zero);
    public static readonly OrderId Order = new(new("show1"), 1);

    readonly InMemorySidecar sidecar = new(new());

    public FakeActorTimers() => Actor = Reload();

    public FakeTimeProvider Clock { get; } = new(Now);
    public ActorReminder? Reminder { get; private set; }
    public ActorTimer? Timer { get; private set; }
    public ExpirationActor Actor { get; private set; }
    public bool Fails { get; set; }
    public int Calls { get; private set; }
    public IReadOnlyList<Event> Published => sidecar.Published;

    /// <summary>Unloads the actor and loads it anew: its memory is lost.</summary>
    public ExpirationActor Reload() => Actor = new(
        ActorHost.CreateForTest<ExpirationActor>(ExpirationActor.TypeName,
            new() { ActorId = new(Order), TimerManager = this }), sidecar, Clock);

    public static OrderSnapshot Snapshot(OrderStatus status, long version) => new()
    {
        Id = Order, TicketId = Order.TicketId, BookVersion = version, Buyer = new("ann"), Seller = new("seller"),
        Title = "Night of the Proms", Price = new(4550, "usd"), TermsVersion = 1, Status = status,
        ExpiresAt = Now.AddMinutes(15), CreatedAt = Now,
    };

    public override Task RegisterReminderAsync(ActorReminder reminder) => Do(() => Reminder = reminder);
    public override Task UnregisterReminderAsync(ActorReminderToken reminder) => Do(() => Reminder = null);
    public override Task RegisterTimerAsync(ActorTimer timer) => Do(() => Timer = timer);
    public override Task UnregisterTimerAsync(ActorTimerToken timer) => Do(() => Timer = null);
    public override Task<IActorReminder> GetReminderAsync(ActorReminderToken reminder) =>
        throw new NotSupportedException();

    Task Do(Action effect)
    {
        Calls++;
        if (Fails)
            throw new HttpRequestException("The sidecar is away.");
        effect();
        return Task.CompletedTask;
    }
}
