namespace Ticketing.Sidecar;

/// <summary>What the sidecars of one process share: the clock, the list of sidecars, and shared instances.</summary>
/// <remarks>Two hosts in one process are independent, so that tests can run in parallel.</remarks>
public sealed class SidecarHost(
    ComponentRegistry components, TimeProvider? time = null, ILoggerFactory? logs = null, Func<Guid>? newId = null,
    Random? random = null)
    : IAsyncDisposable
{
    readonly Dictionary<string, object> _shared = [];
    readonly Lock _gate = new();
    AppSidecar[] _live = [];

    public ComponentRegistry Components { get; } = components;

    public TimeProvider Time { get; } = time ?? TimeProvider.System;

    public ILoggerFactory Logs { get; } = logs ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    /// <summary>Random ids (ETags, events), replaceable so that a run can be repeated.</summary>
    public Func<Guid> NewId { get; } = newId ?? Guid.NewGuid;

    /// <summary>The jitter of retries.</summary>
    public Random Random { get; } = random ?? Random.Shared;

    public FlowFeed Flow { get; } = new();

    /// <summary>Null: no injected faults.</summary>
    public ChaosPlan? Chaos { get; set; }

    public IReadOnlyList<AppSidecar> Live => _live;

    /// <summary>Every live replica of an app, in the order they started.</summary>
    public IReadOnlyList<AppSidecar> Find(string appId) =>
        Array.FindAll(_live, sidecar => sidecar.Options.AppId.Equals(appId, StringComparison.Ordinal));

    /// <summary>The shared instance of this host under a key: created at the first request, disposed with the
    /// host.</summary>
    public T Shared<T>(string key, Func<T> create) where T : class
    {
        lock (_shared)
        {
            if (!_shared.TryGetValue(key, out var part)) _shared.Add(key, part = create());
            return (T)part;
        }
    }

    internal void Join(AppSidecar sidecar)
    {
        lock (_gate) _live = [.. _live, sidecar];
    }

    internal void Leave(AppSidecar sidecar)
    {
        lock (_gate) _live = Array.FindAll(_live, other => other != sidecar);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sidecar in _live) await sidecar.DisposeAsync();
        foreach (var part in _shared.Values)
        {
            if (part is IAsyncDisposable later) await later.DisposeAsync();
            else (part as IDisposable)?.Dispose();
        }
    }
}
