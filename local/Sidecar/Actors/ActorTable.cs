using System.Collections.Concurrent;

namespace Ticketing.Sidecar.Actors;

/// <summary>The actors alive in one sidecar, and the types it hosts.</summary>
sealed class ActorTable : IDisposable
{
    public static readonly IReadOnlyDictionary<string, ActorTypeConfig> NoTypes =
        new Dictionary<string, ActorTypeConfig>();

    readonly ConcurrentDictionary<ActorId, ActorInstance> _instances = new();
    readonly DueQueue<ActorId, ActorInstance> _idle;
    readonly TimeProvider _time;
    readonly Func<ActorInstance, Task> _end;
    volatile IReadOnlyDictionary<string, ActorTypeConfig> _types = NoTypes;

    /// <param name="end">Ends an idle actor's life.</param>
    public ActorTable(TimeProvider time, Func<ActorInstance, Task> end)
    {
        (_time, _end) = (time, end);
        _idle = new DueQueue<ActorId, ActorInstance>(time, EndIfIdle);
    }

    public IReadOnlyDictionary<string, ActorTypeConfig> Types => _types;

    public void Host(IReadOnlyDictionary<string, ActorTypeConfig> types) => _types = types;

    public int Count(string type) => _instances.Keys.Count(id => id.Type == type);

    public IEnumerable<ActorInstance> Of(string type) => _instances.Values.Where(instance => instance.Id.Type == type);

    /// <summary>The actor's present life, or a new one.</summary>
    /// <exception cref="ActorException">Its type is not hosted here.</exception>
    public ActorInstance GetOrCreate(ActorId id)
    {
        if (_instances.TryGetValue(id, out var known)) return known;
        if (!_types.TryGetValue(id.Type, out var config))
            throw new ActorException($"failed to create actor: actor type {id.Type} not registered");
        var fresh = new ActorInstance(id, config, _time);
        var instance = _instances.GetOrAdd(id, fresh);
        if (instance == fresh) _idle.Set(id, fresh.IdleAt, fresh);
        return instance;
    }

    public void Forget(ActorInstance instance)
    {
        if (_instances.TryRemove(KeyValuePair.Create(instance.Id, instance))) _idle.Remove(instance.Id);
    }

    public void Dispose() => _idle.Dispose();

    // Calls only move the actor's own deadline; the queue looks again when the old one has come.
    void EndIfIdle(ActorInstance instance)
    {
        if (instance.IdleAt > _time.GetUtcNow()) _idle.Set(instance.Id, instance.IdleAt, instance);
        else _ = _end(instance);
    }
}
