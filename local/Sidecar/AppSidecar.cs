namespace Ticketing.Sidecar;

/// <summary>One app's sidecar: its components, its API on two ports, and its channel to the app.</summary>
public sealed class AppSidecar : IAsyncDisposable
{
    readonly AppWatch _watch;
    readonly ILogger _log;
    SidecarServer? _server;
    Task _watching = Task.CompletedTask;
    int _ended;
    readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    AppSidecar(SidecarOptions options, SidecarHost host, ResourceSet resources)
    {
        (Options, Host, Resources) = (options, host, resources);
        _log = host.Logs.CreateLogger("Ticketing.Sidecar");
        App = new AppChannel(options, host.Time);
        Components = new LoadedComponents(options, host, _log);
        Policies = new PolicySet(resources.Resiliencies, new PolicyClock(host.Time, host.Random),
            fault => Log.Resource(_log, options.AppId, fault.ToString()));
        _watch = new AppWatch(options, App, Lifecycle, host.Time, _log);
    }

    public SidecarOptions Options { get; }

    public SidecarHost Host { get; }

    public ResourceSet Resources { get; }

    public LoadedComponents Components { get; }

    /// <summary>Timeouts and retries, by target.</summary>
    public PolicySet Policies { get; }

    public AppChannel App { get; }

    public SidecarLifecycle Lifecycle { get; } = new();

    /// <summary>What the other APIs contribute to <c>/v1.0/metadata</c>.</summary>
    public SidecarInventory Inventory { get; } = new();

    /// <summary>Completes when the sidecar has ended, with the exit code that a process of its own would
    /// have.</summary>
    public Task<int> Ended => _exit.Task;

    public int HttpPort => _server?.HttpPort ?? Options.HttpPort;

    public int GrpcPort => _server?.GrpcPort ?? Options.GrpcPort;

    /// <summary>Components and API are up; the app may still be down.</summary>
    public bool IsOutboundReady { get; private set; }

    /// <summary>Components, API and the app's port are up.</summary>
    public bool IsReady => IsOutboundReady && _watch.IsAppReady;

    /// <summary>The app has been healthy, and its actors and subscriptions have started.</summary>
    public bool IsAppStarted => _watch.IsAppStarted;

    /// <summary>Loads components, starts to listen, and returns when the API answers; does not wait for the
    /// app.</summary>
    /// <exception cref="ResourceException">A fault in the YAML, or of a component, at which daprd exits.</exception>
    /// <exception cref="IOException">A port is taken.</exception>
    public static async Task<AppSidecar> StartAsync(SidecarOptions options, SidecarHost host, CancellationToken ct)
    {
        var resources = new ResourceLoader(options.AppId).Load(options.ResourcesPaths, options.ConfigPaths);
        var sidecar = new AppSidecar(options, host, resources);
        try
        {
            await sidecar.StartAsync(ct);
            return sidecar;
        }
        catch
        {
            await sidecar.KillAsync();
            throw;
        }
    }

    async Task StartAsync(CancellationToken ct)
    {
        foreach (var fault in Resources.Warnings) Log.Resource(_log, Options.AppId, fault.ToString());
        await Components.LoadAsync(Resources.Components, ct);
        var (routes, rpc) = (new RouteTable(), new RpcTable());
        foreach (var map in SidecarApis.All) map(this, routes, rpc);
        _server = await SidecarServer.StartAsync(this, routes, rpc, ct);
        IsOutboundReady = true;
        Host.Join(this);
        Log.Started(_log, Options.AppId, HttpPort, GrpcPort);
        _watching = WatchAsync();
    }

    async Task WatchAsync()
    {
        try
        {
            await _watch.RunAsync(Lifecycle.Stopping);
        }
        catch (OperationCanceledException) when (Lifecycle.Stopping.IsCancellationRequested)
        {
            // The sidecar stops, and with it the health checks.
        }
    }

    /// <summary>Stops gracefully: waits for running operations, at most <see
    /// cref="SidecarOptions.GracefulShutdown"/>.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
        {
            await Ended;
            return;
        }

        using var deadline = Options.GracefulShutdown < TimeSpan.Zero
            ? new CancellationTokenSource()
            : new CancellationTokenSource(Options.GracefulShutdown, Host.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, Lifecycle.Killed, ct);
        Host.Leave(this);
        try
        {
            await Lifecycle.DrainAsync(any.Token);
            if (_server is not null) await _server.StopAsync(any.Token);
        }
        catch (OperationCanceledException) when (any.IsCancellationRequested)
        {
            // The time is up: running operations are aborted below.
        }
        finally
        {
            await CloseAsync(exitCode: 0);
        }
    }

    /// <summary>Does not wait for the end; see <see cref="Ended"/>.</summary>
    internal void RequestStop() => _ = Task.Run(() => StopAsync(CancellationToken.None));

    /// <summary>Like a killed process: connections break, the app gets no calls, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 1)
        {
            if (!Ended.IsCompleted) Lifecycle.Kill();
            await Ended;
            return;
        }

        Host.Leave(this);
        await CloseAsync(exitCode: 137);
    }

    async Task CloseAsync(int exitCode)
    {
        IsOutboundReady = false;
        try
        {
            await Lifecycle.CloseAsync();
            if (_server is not null)
            {
                await _server.StopAsync(new CancellationToken(canceled: true));
                await _server.DisposeAsync();
            }

            await _watching;
            await Components.DisposeAsync();
            App.Dispose();
        }
        finally
        {
            _exit.TrySetResult(exitCode);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Lifecycle.Dispose();
    }
}
