using Dapr.Actors;
using Dapr.Actors.Client;
using Dapr.Actors.Runtime;
using Ticketing.Contracts;
using Ticketing.Expiration;

namespace Ticketing.Simulation.Costs;

/// <summary>The actors of expiration without a sidecar; their timers and reminders never fire.</summary>
sealed class CountedActors(Tally tally, TimeProvider clock) : ActorTimerManager, IActorProxyFactory
{
    readonly Dictionary<ActorId, ExpirationActor> actors = [];

    /// <summary>Set once the app is built.</summary>
    public ISidecar Sidecar { get; set; } = null!;

    /// <summary>Reminders and timers that are set.</summary>
    public HashSet<(string Kind, string Actor)> Set { get; } = [];

    public TActorInterface CreateActorProxy<TActorInterface>(
        ActorId actorId, string actorType, ActorProxyOptions? options = null) where TActorInterface : IActor
    {
        if (!actors.TryGetValue(actorId, out var actor))
            actors[actorId] = actor = new(ActorHost.CreateForTest<ExpirationActor>(
                actorType, new() { ActorId = actorId, TimerManager = this }), Sidecar, clock);
        return (TActorInterface)(object)new Proxy(actor, () => Count($"call {actorId}"));
    }

    public override Task RegisterReminderAsync(ActorReminder reminder) => Do(true, "reminder", reminder.ActorId);
    public override Task UnregisterReminderAsync(ActorReminderToken reminder) => Do(false, "reminder", reminder.ActorId);
    public override Task RegisterTimerAsync(ActorTimer timer) => Do(true, "timer", timer.ActorId);
    public override Task UnregisterTimerAsync(ActorTimerToken timer) => Do(false, "timer", timer.ActorId);

    Task Do(bool on, string kind, ActorId actor)
    {
        Count($"{kind} {(on ? "on" : "off")} {actor}");
        if (on)
            Set.Add((kind, actor.GetId()));
        else
            Set.Remove((kind, actor.GetId()));
        return Task.CompletedTask;
    }

    void Count(string what) => tally.Add("expiration", Cost.Actor, what);

    sealed class Proxy(ExpirationActor actor, Action count) : IExpirationActor
    {
        public Task<string> Apply(OrderSnapshot order)
        {
            count();
            return actor.Apply(order);
        }
    }

    public override Task<IActorReminder> GetReminderAsync(ActorReminderToken reminder) => throw new NotSupportedException();
    public object CreateActorProxy(ActorId actorId, Type actorInterfaceType, string actorType, ActorProxyOptions? options = null) =>
        throw new NotSupportedException();
    public ActorProxy Create(ActorId actorId, string actorType, ActorProxyOptions? options = null) =>
        throw new NotSupportedException();
}
