using System.Net.Sockets;

namespace Ticketing.Sidecar;

/// <summary>Waits for the app's port to open, then probes its health and reports changes to the lifecycle.</summary>
sealed class AppWatch(SidecarOptions options, AppChannel app, SidecarLifecycle lifecycle, TimeProvider time,
    ILogger log)
{
    static readonly TimeSpan PortPoll = TimeSpan.FromMilliseconds(100), HookRetry = TimeSpan.FromSeconds(1);

    /// <summary>Until the app has been healthy once. daprd waits a whole interval after each probe that failed, even at
    /// the start.</summary>
    static readonly TimeSpan StartInterval = TimeSpan.FromMilliseconds(100);

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
            app.IsHealthy = true;
            await ReportAsync(true, ct);
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

    // The probes go on while a change is reported: a hook may wait for an app or a store that does not answer.
    async Task ProbeAsync(AppHealthCheck check, CancellationToken ct)
    {
        var (failures, lastProbe, reported) = (0, time.GetUtcNow(), Task.CompletedTask);
        var outdated = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var ticks = new PeriodicTimer(check.Interval < StartInterval ? check.Interval : StartInterval, time);
        try
        {
            do
            {
                var now = time.GetUtcNow();
                // The machine slept, or was too busy to probe: the app could not answer then, whatever it is now.
                if (now - lastProbe > 2 * (check.Interval + check.Timeout)) failures = 0;
                lastProbe = now;
                failures = await IsAnsweringAsync(check, ct) ? 0 : failures + 1;
                if (app.IsHealthy ? failures < check.Threshold : failures > 0) continue;
                app.IsHealthy = !app.IsHealthy;
                ticks.Period = check.Interval;
                await outdated.CancelAsync();
                outdated.Dispose();
                outdated = CancellationTokenSource.CreateLinkedTokenSource(ct);
                reported = ReportAfterAsync(reported, app.IsHealthy, outdated.Token);
            }
            while (await ticks.WaitForNextTickAsync(ct));
        }
        finally
        {
            await outdated.CancelAsync();
            await reported.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            outdated.Dispose();
        }
    }

    async Task<bool> IsAnsweringAsync(AppHealthCheck check, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(check.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await app.ProbeAsync(check.Path, both.Token);
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    async Task ReportAfterAsync(Task earlier, bool isHealthy, CancellationToken outdated)
    {
        await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ReportAsync(isHealthy, outdated);
    }

    async Task ReportAsync(bool isHealthy, CancellationToken outdated)
    {
        var health = isHealthy ? "healthy" : "unhealthy";
        Log.AppHealth(log, options.AppId, health);
        foreach (var hook in lifecycle.AppHealthHooks)
            while (!await TryAsync(() => hook(new AppHealthChange(isHealthy), outdated), health, outdated))
                await Task.Delay(HookRetry, time, outdated);
        IsAppStarted = true;
    }

    async Task<bool> TryAsync(Func<Task> hook, string health, CancellationToken outdated)
    {
        try
        {
            await hook();
            return true;
        }
        catch (Exception error) when (!outdated.IsCancellationRequested)
        {
            Log.HookFailed(log, options.AppId, health, error.Message);
            return false;
        }
    }
}
