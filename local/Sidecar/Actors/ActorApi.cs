using static Ticketing.Sidecar.Actors.ActorAnswers;

namespace Ticketing.Sidecar.Actors;

/// <summary>The actor API of one sidecar: its routes, and when it starts and stops hosting actors.</summary>
sealed class ActorApi
{
    static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    readonly AppSidecar _sidecar;
    readonly ActorRuntime _runtime;
    readonly ReminderScheduler _scheduler;
    readonly ILogger _log;

    ActorApi(AppSidecar sidecar, ActorRuntime runtime, ActorPlacement placement)
    {
        (_sidecar, _runtime) = (sidecar, runtime);
        _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
        _scheduler = sidecar.Host.Shared(
            "actors.reminders", () => new ReminderScheduler(sidecar.Host.Time, placement, _log));
    }

    public static void Map(AppSidecar sidecar, RouteTable routes)
    {
        var store = new StateStores(sidecar).Actors;
        var placement = sidecar.Host.Shared("actors.placement", () => new ActorPlacement());
        var log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
        var runtime = new ActorRuntime(sidecar, placement, store is null ? null : new ReminderStore(store, log));
        var api = new ActorApi(sidecar, runtime, placement);
        if (sidecar.Options.HasPlacement) api.MapRoutes(routes);
        else routes.Map("GET POST PUT DELETE", "/v1.0/actors/*", (http, _) => http.WriteErrorAsync(NoPlacement));
        api.FollowLife(sidecar.Lifecycle, sidecar.Inventory);
    }

    void MapRoutes(RouteTable routes)
    {
        new ActorMethods(_sidecar, _runtime.Router).Map(routes);
        new ActorSchedules(_sidecar, _runtime, _scheduler).Map(routes);
    }

    void FollowLife(SidecarLifecycle life, SidecarInventory inventory)
    {
        ActorConfig? hosted = null;
        life.OnAppHealth(async (change, ct) =>
        {
            if (!change.IsHealthy)
            {
                await _runtime.Suspend(ct);
                return;
            }

            // daprd asks once. An app that ended before it could answer would host nothing until its sidecar ends too;
            // here the exception has it asked again.
            hosted ??= await AskApp(ct);
            var config = _runtime.Reminders is null ? ActorConfig.Nothing : hosted;
            foreach (var type in config.Types) await LoadReminders(type, ct);
            await _runtime.Join(config, ct);
        });
        life.OnDraining(_runtime.Leave);
        life.OnClosing(_runtime.Abort);
        inventory.Actors = () => _runtime.Joined.IsCompleted
            ? [.. (hosted ?? ActorConfig.Nothing).Types.Select(type => (type, _runtime.Table.Count(type)))]
            : [];
        inventory.HostedActors = () => _runtime.Reminders is not null && _runtime.Joined.IsCompleted
            ? [.. (hosted ?? ActorConfig.Nothing).Types] : [];
        if (!_sidecar.Options.HasPlacement) return;
        inventory.ActorRuntime = () => _runtime.Joined.IsCompleted
            ? new("RUNNING", true, "placement: connected")
            : new("INITIALIZING", false, "");
    }

    /// <summary>A type is hosted once its reminders are loaded: else they would be late, or be set twice.</summary>
    async Task LoadReminders(string type, CancellationToken ct)
    {
        if (_runtime.Reminders is not { } store) return;
        for (var isLoaded = false; !isLoaded;)
        {
            try
            {
                await _scheduler.Load(type, store, ct);
                isLoaded = true;
            }
            catch (StateStoreException e)
            {
                Log.RemindersNotLoaded(_log, _sidecar.Options.AppId, type, e.Message);
                await Task.Delay(StoreRetry, _sidecar.Host.Time, ct);
            }
        }
    }

    /// <summary>The types that the app hosts; none if the response cannot be used.</summary>
    /// <exception cref="HttpRequestException">The app did not answer.</exception>
    async Task<ActorConfig> AskApp(CancellationToken ct)
    {
        if (!_sidecar.App.Exists) return ActorConfig.Nothing;
        var (status, body) = await _sidecar.App.AskAsync("dapr/config", ct);
        if (status != StatusCodes.Status200OK) return ActorConfig.Nothing;
        try
        {
            var config = ActorConfig.Read(body);
            if (config.Types.Count > 0) Log.Hosting(_log, _sidecar.Options.AppId, string.Join(", ", config.Types));
            return config;
        }
        catch (FormatException e)
        {
            Log.NotHosting(_log, _sidecar.Options.AppId, e.Message);
            return ActorConfig.Nothing;
        }
    }
}
