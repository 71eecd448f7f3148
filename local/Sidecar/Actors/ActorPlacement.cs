using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Ticketing.Sidecar.Actors;

/// <summary>Which sidecar of this process owns which actor: a hash ring per type over the sidecars that host it.
///</summary>
sealed class ActorPlacement : IDisposable
{
    readonly SemaphoreSlim _oneChange = new(1);
    readonly ConcurrentDictionary<string, TaskCompletionSource> _moving = new();
    ImmutableDictionary<ActorRuntime, ImmutableHashSet<string>> _hosts =
        ImmutableDictionary<ActorRuntime, ImmutableHashSet<string>>.Empty;
    volatile ImmutableDictionary<string, HashRing<ActorRuntime>> _rings =
        ImmutableDictionary<string, HashRing<ActorRuntime>>.Empty;

    /// <summary>The hosts of a type have changed.</summary>
    public event Action<string>? Hosted;

    /// <summary>The owner of an actor; waits while actors of its type move. Null when no sidecar hosts the
    /// type.</summary>
    public async ValueTask<ActorRuntime?> Owner(ActorId id, CancellationToken ct)
    {
        while (_moving.TryGetValue(id.Type, out var moving)) await moving.Task.WaitAsync(ct);
        return OwnerNow(id);
    }

    public ActorRuntime? OwnerNow(ActorId id) => _rings.TryGetValue(id.Type, out var ring) ? ring.Owner(id.Id) : null;

    /// <summary>Registers the types that a sidecar hosts (none: it leaves). Returns when actors with a new owner are
    /// deactivated at the old one.</summary>
    public async Task Announce(ActorRuntime runtime, IEnumerable<string> types, CancellationToken ct)
    {
        await _oneChange.WaitAsync(ct);
        try
        {
            var hosts = _hosts.Keys.Append(runtime).Distinct().ToList();
            var changed = Change(runtime, [.. types], gate: true);
            try
            {
                await Task.WhenAll(hosts.Select(host => host.LetGo(changed, ct)));
            }
            finally
            {
                foreach (var type in changed)
                    if (_moving.TryRemove(type, out var moving)) moving.SetResult();
                // Also after a failure: the owners have changed, and reminders wait for one.
                Tell(changed);
            }
        }
        finally
        {
            _oneChange.Release();
        }
    }

    /// <summary>A sidecar has ended without draining: others own its actors immediately.</summary>
    public void Remove(ActorRuntime runtime) => Tell(Change(runtime, [], gate: false));

    ImmutableHashSet<string> Change(ActorRuntime runtime, ImmutableHashSet<string> types, bool gate)
    {
        lock (_moving)
        {
            var changed = _hosts.GetValueOrDefault(runtime, []).SymmetricExcept(types);
            if (gate)
                foreach (var type in changed) _moving[type] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _hosts = types.IsEmpty ? _hosts.Remove(runtime) : _hosts.SetItem(runtime, types);
            foreach (var type in changed)
                _rings = Ring(type) is { } ring ? _rings.SetItem(type, ring) : _rings.Remove(type);
            return changed;
        }
    }

    void Tell(ImmutableHashSet<string> changed)
    {
        foreach (var type in changed.Intersect(_rings.Keys)) Hosted?.Invoke(type);
    }

    public void Dispose() => _oneChange.Dispose();

    HashRing<ActorRuntime>? Ring(string type)
    {
        var hosts = _hosts.Where(host => host.Value.Contains(type)).Select(host => (host.Key.Name, host.Key)).ToList();
        return hosts.Count == 0 ? null : new HashRing<ActorRuntime>(hosts);
    }
}
