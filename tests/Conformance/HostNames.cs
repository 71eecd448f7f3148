using System.Collections.Concurrent;
using Ticketing.Sidecar.Actors;

namespace Ticketing.Conformance;

/// <summary>
/// Which of several hosts an actor belongs to follows from their names, and those are random: ids are looked for that
/// give every actor the host that called it first when it was recorded.
/// </summary>
static class HostNames
{
    public static bool Matter(Recording recording) => recording.Apps.Count > 1 && Owners(recording).Count > 0;

    /// <returns>Makes ids: first those of the hosts in the order of their start, then any.</returns>
    public static Func<Guid> IdsFor(Recording recording)
    {
        var ids = new ConcurrentQueue<Guid>(Matter(recording) ? Find(recording) : []);
        return () => ids.TryDequeue(out var id) ? id : Guid.NewGuid();
    }

    static IReadOnlyList<Guid> Find(Recording recording)
    {
        var owners = Owners(recording);
        while (true)
        {
            var hosts = recording.Apps.Select(app => (App: app, Id: Guid.NewGuid())).ToList();
            var ring = new HashRing<string>(hosts.Select(host => (ActorRuntime.NameOf(host.App, host.Id), host.App)));
            if (owners.All(owner => ring.Owner(owner.Key) == owner.Value)) return [.. hosts.Select(host => host.Id)];
        }
    }

    /// <summary>By actor id, as on <c>/actors/{type}/{id}/method/{name}</c>.</summary>
    static Dictionary<string, string> Owners(Recording recording)
    {
        var owners = new Dictionary<string, string>();
        foreach (var call in recording.Callbacks)
            if (call.Text("path").Split('/') is ["", "actors", _, var id, "method", _]) owners.TryAdd(id, call.Text("app"));
        return owners;
    }
}
