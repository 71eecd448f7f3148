using Microsoft.Extensions.Logging;
using Ticketing.Common;
using Ticketing.Run.Pages;
using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;

namespace Ticketing.Run;

/// <summary>The whole system on one machine: all sidecars in this process, each app in a process of its own.</summary>
sealed class Shop : IAsyncDisposable
{
    /// <summary>An app that ends this often before it was ever ready will not get better by itself.</summary>
    const int FailuresMax = 3;

    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200), AnswerWithin = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SidecarsDrainWithin = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource _stop = new();
    readonly Leash _leash = new();
    readonly HttpClient _http = new() { Timeout = AnswerWithin };
    readonly List<Member> _members = [];
    readonly TimeProvider _time;
    readonly DataLock _lock;
    readonly ILoggerFactory _logs;
    readonly SidecarHost _sidecars;
    readonly Plan _plan;
    readonly StepRing _flow = new();
    FlowServer? _flowPage;
    Task _running = Task.CompletedTask;

    Shop(Plan plan, int? chaos, ConsoleLog log, TimeProvider time)
    {
        (_plan, _time, _lock) = (plan, time, new DataLock(plan.Data));
        _logs = LoggerFactory.Create(logging => logging.AddProvider(log).AddFilter("Microsoft", LogLevel.Warning));
        _sidecars = new SidecarHost(KnownComponents.Registry, time, _logs)
        {
            Chaos = chaos is { } seed ? ChaosPlan.FromSeed(seed) : null,
        };
    }

    public IReadOnlyList<Member> Members => _members;

    /// <summary>Where people find it; null when the file lists no ingress.</summary>
    public Uri? Url => _plan.Ingress?.Address;

    /// <summary>Where they see what goes on between the apps.</summary>
    public Uri? FlowUrl => Url is { } shop ? new(shop, FlowServer.Path)
        : _flowPage is { } own ? new(own.Address, FlowServer.Path) : null;

    /// <summary>Starts sidecars, then apps; returns without waiting for them.</summary>
    public static async Task<Shop> Open(
        Plan plan, string components, int? chaos, ConsoleLog log, TimeProvider time, CancellationToken ct)
    {
        var shop = new Shop(plan, chaos, log, time);
        try
        {
            shop._flowPage = await FlowServer.Start(shop._flow, plan.FlowPort, shop.Url, shop._logs, time, ct);
            var watching = FlowPump.Run(shop._sidecars.Flow, shop._flow, shop._stop.Token);
            foreach (var instance in plan.Instances)
            {
                var sidecar = instance.Sidecar is { } own ? await shop.Attach(instance, own, components, ct) : null;
                var process = new AppProcess(instance, shop._leash, log, time);
                shop._members.Add(new Member(instance, process, sidecar, shop._http));
            }

            shop._running = Task.WhenAll(
                [watching, .. shop._members.Select(member => member.Process.Run(shop._stop.Token))]);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    Task<AppSidecar> Attach(Instance instance, SidecarPorts own, string components, CancellationToken ct) =>
        AppSidecar.StartAsync(
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

    /// <summary>Returns once a purchase would work.</summary>
    /// <exception cref="StartException">An app does not start.</exception>
    public async Task Ready(CancellationToken ct)
    {
        while (true)
        {
            await Task.WhenAll(_members.Select(member => member.Look(ct)));
            if (_members.Find(member => member.Process.Failures >= FailuresMax) is { } dead)
                throw new StartException(
                    $"{dead.Instance.Name} does not start: it ended {FailuresMax} times. Its words are above.");
            var isReady = _members.TrueForAll(member => member.IsReady);
            if (isReady && await Answers("/api/tickets", ct) && await Answers("/", ct)) return;
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

    /// <summary>Apps first, so that their last words still reach a sidecar; all at once, so that it is quick.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        if (_flowPage is not null) await _flowPage.DisposeAsync();
        await Task.WhenAll(_sidecars.Live.Select(sidecar => sidecar.StopAsync(CancellationToken.None)));
        await _sidecars.DisposeAsync();
        _leash.Dispose();
        _lock.Dispose();
        _logs.Dispose();
        _http.Dispose();
        _stop.Dispose();
    }
}
