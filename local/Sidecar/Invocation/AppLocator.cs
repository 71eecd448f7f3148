namespace Ticketing.Sidecar.Invocation;

/// <summary>Finds the sidecar of the app to call: its replicas in turn, those with a healthy app first.</summary>
sealed class AppLocator(AppSidecar caller)
{
    /// <summary>How long name resolution (mDNS) waits before an app counts as unknown.</summary>
    static readonly TimeSpan ListenTime = TimeSpan.FromSeconds(1);

    uint _turn;

    /// <exception cref="InvocationException">The app is unknown, or the name is invalid.</exception>
    public ValueTask<AppSidecar> Find(string target, CancellationToken ct)
    {
        var appId = target.Contains('.', StringComparison.Ordinal) ? WithoutNamespace(target) : target;
        if (appId == caller.Options.AppId) return new(caller);
        return Pick(appId) is { } sidecar ? new(sidecar) : new(Listen(appId, ct));
    }

    async Task<AppSidecar> Listen(string appId, CancellationToken ct)
    {
        await Task.Delay(ListenTime, caller.Host.Time, ct);
        return Pick(appId) ?? throw new InvocationException($"couldn't find service: {appId}");
    }

    AppSidecar? Pick(string appId)
    {
        var replicas = caller.Host.Find(appId);
        if (replicas.Count <= 1) return replicas.Count == 0 ? null : replicas[0];
        var turn = (int)(Interlocked.Increment(ref _turn) % int.MaxValue);
        for (var i = 0; i < replicas.Count; i++)
            if (replicas[(turn + i) % replicas.Count] is { App.IsHealthy: true } healthy) return healthy;
        return replicas[turn % replicas.Count];
    }

    static string WithoutNamespace(string target)
    {
        if (target.Split('.') is not [var appId, var name]) throw new InvocationException($"invalid app id {target}");
        return name == SidecarOptions.Namespace
            ? appId
            : throw new InvocationException($"couldn't find service: {appId}");
    }
}
