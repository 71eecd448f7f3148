using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>Waits for the app's port to open, then probes its health and reports changes to the lifecycle.</summary>
sealed class AppWatch(SidecarOptions options, AppChannel app, SidecarLifecycle lifecycle, TimeProvider time,
    ILogger log)
{
    static readonly TimeSpan PortPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>The app's port has been open once (true from the start when there is no app) and, unless its health is
    /// probed, what starts with it has started.</summary>
    public bool IsAppReady { get; private set; } = options.AppPort is null;

    /// <summary>The app's actors are hosted and its topics subscribed.</summary>
    public bool IsAppStarted { get; private set; }

    public async Task RunAsync(CancellationToken ct)
    {
        await WaitForPortAsync(ct);
        if (options.AppHealthCheck is { } check && app.Exists)
        {
            IsAppReady = true;
            await ProbeAsync(check, ct);
        }
        else
        {
            await ChangeAsync(new AppHealthChange(true, true), ct);
            IsAppReady = true;
        }
    }

    async Task WaitForPortAsync(CancellationToken ct)
    {
        if (options.AppPort is not { } port) return;
        for (var open = false; !open;)
        {
            using var socket = new TcpClient();
            try
            {
                await socket.ConnectAsync(AppChannel.Address, port, ct);
                open = true;
            }
            catch (SocketException)
            {
                await Task.Delay(PortPoll, time, ct);
            }
        }
    }

    async Task ProbeAsync(AppHealthCheck check, CancellationToken ct)
    {
        var (failures, first) = (0, true);
        using var ticks = new PeriodicTimer(check.Interval, time);
        do
        {
            if (await IsAnsweringAsync(check, ct))
            {
                failures = 0;
                if (app.IsHealthy) continue;
                await ChangeAsync(new AppHealthChange(true, first), ct);
                first = false;
            }
            else if (++failures >= check.Threshold && app.IsHealthy)
            {
                await ChangeAsync(new AppHealthChange(false, false), ct);
            }
        }
        while (await ticks.WaitForNextTickAsync(ct));
    }

    async Task<bool> IsAnsweringAsync(AppHealthCheck check, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(check.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await app.ProbeAsync(check.Path, both.Token);
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task ChangeAsync(AppHealthChange change, CancellationToken ct)
    {
        app.IsHealthy = change.IsHealthy;
        Log.AppHealth(log, options.AppId, change.IsHealthy ? "healthy" : "unhealthy");
        await lifecycle.ChangeAppHealthAsync(change, ct);
        IsAppStarted = true;
    }
}
