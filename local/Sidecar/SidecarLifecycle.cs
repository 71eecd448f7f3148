namespace Ticketing.Sidecar;

/// <summary>The sidecar's start, health changes and stop, with the hooks of its parts. Hooks are added while the APIs
/// are mapped.</summary>
public sealed class SidecarLifecycle : IDisposable
{
    readonly List<Func<AppHealthChange, CancellationToken, Task>> _appHealth = [];
    readonly List<Func<CancellationToken, Task>> _draining = [];
    readonly List<Func<Task>> _closing = [];
    readonly CancellationTokenSource _stopping = new();
    readonly CancellationTokenSource _killed = new();

    /// <summary>Cancelled when a stop begins: start nothing new.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Cancelled when the sidecar is killed or the graceful stop times out: abort everything.</summary>
    public CancellationToken Killed => _killed.Token;

    /// <summary>Called in the order added, one change at a time: healthy once the app's port is open (and its probe
    /// answers), then at every change. At the first call the APIs read <c>/dapr/config</c> and
    /// <c>/dapr/subscribe</c>.</summary>
    /// <remarks>A hook that throws is called again until it succeeds; it is cancelled when the app's health changes
    /// before. So it must stand being called twice for the same change.</remarks>
    public void OnAppHealth(Func<AppHealthChange, CancellationToken, Task> hook) => _appHealth.Add(hook);

    /// <summary>Graceful stop, in reverse order, while the API still answers: unsubscribe, deactivate actors,
    /// drain.</summary>
    public void OnDraining(Func<CancellationToken, Task> hook) => _draining.Add(hook);

    /// <summary>At the end of a stop or a kill, in reverse order: release resources. Must be quick.</summary>
    public void OnClosing(Func<Task> hook) => _closing.Add(hook);

    internal IReadOnlyList<Func<AppHealthChange, CancellationToken, Task>> AppHealthHooks => _appHealth;

    internal async Task DrainAsync(CancellationToken ct)
    {
        await _stopping.CancelAsync();
        for (var i = _draining.Count - 1; i >= 0; i--) await _draining[i](ct);
    }

    internal void Kill() => _killed.Cancel();

    internal async Task CloseAsync()
    {
        await _stopping.CancelAsync();
        await _killed.CancelAsync();
        for (var i = _closing.Count - 1; i >= 0; i--) await _closing[i]();
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _killed.Dispose();
    }
}

public sealed record AppHealthChange(bool IsHealthy);
