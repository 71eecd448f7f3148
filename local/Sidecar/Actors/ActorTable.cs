using System.Collections.Concurrent;

namespace Ticketing.Sidecar.Actors;

/// <summary>The active actors of one sidecar, and the types it hosts.</summary>
sealed class ActorTable : IDisposable
{
    readonly ConcurrentDictionary<ActorId, ActorInstance> _instances = new();
    readonly DueQueue<ActorId, ActorInstance> _idle;
    readonly TimeProvider _time;
    readonly Func<ActorInstance, Task> _end;
    volatile ActorConfig _hosted = ActorConfig.Nothing;

    /// <param name="end">Deactivates an idle actor.</param>
    public ActorTable(TimeProvider time, Func<ActorInstance, Task> end)
    {
        (_time, _end) = (time, end);
        _idle = new DueQueue<ActorId, ActorInstance>(time, EndIfIdle);
    }

    public void Host(ActorConfig config) => _hosted = config;

    public bool Hosts(string type) => _hosted.Types.Contains(type);

    public bool HostsNothing => _hosted.Types.Count == 0;

    public int Count(string type) => _instances.Keys.Count(id => id.Type == type);

    public IEnumerable<ActorInstance> Instances => _instances.Values;

    /// <summary>The actor's present instance, or a new one.</summary>
    /// <exception cref="ActorException">Its type is not hosted here.</exception>
    public ActorInstance GetOrCreate(ActorId id)
    {
        if (_instances.TryGetValue(id, out var known)) return known;
        if (!Hosts(id.Type)) throw new ActorException($"failed to create actor: actor type {id.Type} not registered");
        var fresh = new ActorInstance(id, _hosted, _time);
        var instance = _instances.GetOrAdd(id, fresh);
        if (instance == fresh) _idle.Set(id, fresh.IdleAt, fresh);
        return instance;
    }

    public void Forget(ActorInstance instance)
    {
        if (_instances.TryRemove(KeyValuePair.Create(instance.Id, instance))) _idle.Remove(instance.Id);
    }

    public void Dispose() => _idle.Dispose();

    // A call only changes the actor's deadline; the queue compares it when the old deadline is reached.
    void EndIfIdle(ActorInstance instance)
    {
        if (instance.IdleAt > _time.GetUtcNow()) _idle.Set(instance.Id, instance.IdleAt, instance);
        else _ = _end(instance);
    }
}
