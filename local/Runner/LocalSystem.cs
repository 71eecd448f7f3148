using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Run.Pages;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Run;

/// <summary>The whole system on one machine: all sidecars in this process, each app in a process of its own.</summary>
sealed class LocalSystem : IAsyncDisposable
{
    /// <summary>After this many ends in a row during the start, the start is given up.</summary>
    const int FailuresMax = 3;

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200), AnswerWithin = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SidecarsDrainWithin = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _stop = new();
    readonly ChildProcessGuard _guard = new();
    readonly HttpClient _http = new() { Timeout = AnswerWithin };
    readonly List<RunningApp> _apps = [];
    readonly List<LeftOutFile> _leftOut = [];
    readonly TimeProvider _time;
    readonly DataLock _lock;
    readonly ILoggerFactory _logs;
    readonly SidecarHost _sidecars;
    readonly Plan _plan;
    readonly StepRing _flow = new();
    FlowServer? _flowPage;
    Task _running = Task.CompletedTask;

    LocalSystem(Plan plan, DataLock data, int? chaos, ConsoleLog log, TimeProvider time)
    {
        (_plan, _time, _lock) = (plan, time, data);
        _logs = LoggerFactory.Create(logging => logging.AddProvider(log).AddFilter("Microsoft", LogLevel.Warning));
        _sidecars = new SidecarHost(KnownComponents.Registry, time, _logs)
        {
            Chaos = chaos is { } seed ? ChaosPlan.FromSeed(seed) : null,
        };
    }

    public IReadOnlyList<RunningApp> Apps => _apps;

    /// <summary>The shop's address; null if the file lists no ingress.</summary>
    public Uri? Url => _plan.Ingress?.Address;

    /// <summary>The address of the flow page.</summary>
    public Uri? FlowUrl => Url is { } shop ? new(shop, FlowServer.Path)
        : _flowPage is { } own ? new(own.Address, FlowServer.Path) : null;

    /// <summary>Starts sidecars, then apps; returns without waiting for them.</summary>
    /// <param name="data">Disposed with the system.</param>
    public static async Task<LocalSystem> Start(
        Plan plan, DataLock data, string components, int? chaos, ConsoleLog log, TimeProvider time,
        CancellationToken ct)
    {
        var system = new LocalSystem(plan, data, chaos, log, time);
        try
        {
            system._flowPage = await FlowServer.Start(system._flow, plan.FlowPort, system.Url, system._logs, time, ct);
            var watching = FlowCollector.Run(system._sidecars.Flow, system._flow, system._stop.Token);
            foreach (var instance in plan.Instances)
            {
                var sidecar = instance.Sidecar is { } own ? await system.Attach(instance, own, components, ct) : null;
                var process = new AppProcess(instance, system._guard, log, time);
                system._apps.Add(new RunningApp(instance, process, sidecar, system._http));
                if (instance.IsLeftOut) system._leftOut.Add(new LeftOutFile(instance));
            }

            // All are made before the first is started: making one may be refused.
            var runs = system._apps.Select(app => RunOf(app, plan.Data, log)).ToList();
            system._running = Task.WhenAll([watching, .. runs.Select(run => run(system._stop.Token))]);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    static Func<CancellationToken, Task> RunOf(RunningApp app, string data, ConsoleLog log) => app.Instance switch
    {
        { IsLeftOut: true } => _ => Task.CompletedTask,
        { IsWatched: true } => new WatchedApp(app.Instance, app.Process, data, log).Run,
        _ => app.Process.Run,
    };

    async Task<AppSidecar> Attach(Instance instance, SidecarPorts own, string components, CancellationToken ct)
    {
        var sidecar = await AppSidecar.StartAsync(
            new SidecarOptions
            {
                AppId = instance.App.Id,
                AppPort = instance.Port,
                HttpPort = own.Http,
                GrpcPort = own.Grpc,
                ResourcesPaths = [components],
                ConfigPaths = instance.App.Config is { } config ? [config] : [],
                ApiToken = own.ApiToken,
                AppApiToken = own.AppApiToken,
                AppHealthCheck = instance.App.Health is { } health
                    ? new AppHealthCheck(health.Path, health.Interval, health.Timeout, health.Threshold) : null,
                WorkingDirectory = instance.App.Folder,
                GracefulShutdown = SidecarsDrainWithin,
            },
            _sidecars, ct);
        // daprd leaves out a resource that it cannot decode. The shop would lose messages without it.
        if (sidecar.Resources.Warnings.FirstOrDefault(
            fault => fault.Reason.StartsWith("skipped", StringComparison.Ordinal)) is { } skipped)
            throw new ResourceException(skipped);
        return sidecar;
    }

    /// <summary>Returns once all apps are ready, subscribed, and reachable through the ingress.</summary>
    /// <exception cref="StartException">An app does not start.</exception>
    public async Task Ready(CancellationToken ct)
    {
        while (true)
        {
            await Task.WhenAll(_apps.Select(app => app.Check(ct)));
            if (_apps.Find(app => app.Process.Misconfigured is not null) is { } wrong)
                throw new StartException($"{wrong.Instance.Name} does not start: {wrong.Process.Misconfigured}");
            if (_apps.Find(app => app.Process.Failures >= FailuresMax) is { } dead)
                throw new StartException(
                    $"{dead.Instance.Name} does not start: it ended {FailuresMax} times. Its output is above.");
            var isReady = _apps.TrueForAll(app => app.IsReady);
            if (isReady && !(await Task.WhenAll(Answers("/api/tickets", ct), Answers("/", ct))).Contains(false)) return;
            await Task.Delay(LookEvery, _time, ct);
        }
    }

    async Task<bool> Answers(string path, CancellationToken ct)
    {
        if (Url is null) return true;
        try
        {
            using var answer = await _http.GetAsync(new Uri(Url, path), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// Stops the apps first, so that their last calls still reach a sidecar; all in parallel, to be quick.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_flowPage is not null) await _flowPage.DisposeAsync();
        await Task.WhenAll(_sidecars.Live.Select(sidecar => sidecar.StopAsync(CancellationToken.None)));
        await _sidecars.DisposeAsync();
        _leftOut.ForEach(file => file.Dispose());
        _guard.Dispose();
        _lock.Dispose();
        _logs.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }
}
