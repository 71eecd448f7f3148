using static Ticketing.Sidecar.Actors.ActorAnswers;

namespace Ticketing.Sidecar.Actors;

/// <summary>Everything about actors in one sidecar: its routes, and when it hosts and when it lets go.</summary>
sealed class ActorApi
{
    static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    readonly AppSidecar _sidecar;
    readonly ActorRuntime _runtime;
    readonly ReminderScheduler _scheduler;
    readonly StateStoreEntry? _store;
    readonly ILogger _log;

    ActorApi(AppSidecar sidecar, StateStoreEntry? store, ActorRuntime runtime, ActorPlacement placement)
    {
        (_sidecar, _store, _runtime) = (sidecar, store, runtime);
        _log = sidecar.Host.Logs.CreateLogger("Ticketing.Sidecar.Actors");
        _scheduler = sidecar.Host.Shared(
            "actors.reminders", () => new ReminderScheduler(sidecar.Host.Time, placement, _log));
    }

    public static void Map(AppSidecar sidecar, RouteTable routes)
    {
        var store = new StateStores(sidecar).Actors;
        var placement = sidecar.Host.Shared("actors.placement", () => new ActorPlacement());
        var runtime = new ActorRuntime(sidecar, placement, store is null ? null : new ReminderStore(store.Store));
        var api = new ActorApi(sidecar, store, runtime, placement);
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
        var (types, hasAnswered) = (ActorTable.NoTypes, false);
        life.OnAppHealth(async (change, ct) =>
        {
            if (!change.IsHealthy)
            {
                await _runtime.Suspend(ct);
                return;
            }

            // daprd asks once. An app that ended before it could answer would then host nothing until its sidecar ends too.
            if (!hasAnswered && await AskApp(ct) is { } said) (types, hasAnswered) = (said, true);
            foreach (var type in types.Keys) await LoadReminders(type, ct);
            await _runtime.Join(_store is null ? ActorTable.NoTypes : types, ct);
        });
        life.OnDraining(_runtime.Leave);
        life.OnClosing(_runtime.Die);
        inventory.Actors = () => _runtime.Joined.IsCompleted
            ? [.. types.Keys.Select(type => (type, _runtime.Table.Count(type)))]
            : [];
        if (!_sidecar.Options.HasPlacement) return;
        inventory.ActorRuntime = () => _runtime.Joined.IsCompleted
            ? new("RUNNING", true, "placement: connected")
            : new("INITIALIZING", false, "");
    }

    /// <summary>Nobody hosts a type whose reminders are not known: they would be late, or be set twice.</summary>
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

    /// <summary>What the app wants to host; after an answer of no use, nothing.</summary>
    /// <returns>Null: there was no answer.</returns>
    async Task<IReadOnlyDictionary<string, ActorTypeConfig>?> AskApp(CancellationToken ct)
    {
        var isAsked = _sidecar.App.Exists && !_sidecar.Options.DisabledInitEndpoints.Contains("config");
        if (!isAsked) return ActorTable.NoTypes;
        using var request = _sidecar.App.StartQuestion("dapr/config");
        try
        {
            using var response = await _sidecar.App.SendAsync(request, ct);
            var body = await response.Content.ReadAsByteArrayAsync(ct);
            if ((int)response.StatusCode != StatusCodes.Status200OK) return ActorTable.NoTypes;
            if (ActorConfig.TryParse(body, out var types, out var fault))
            {
                if (types.Count > 0) Log.Hosting(_log, _sidecar.Options.AppId, string.Join(", ", types.Keys));
                return types;
            }

            Log.NotHosting(_log, _sidecar.Options.AppId, fault);
        }
        catch (HttpRequestException e)
        {
            Log.NotHosting(_log, _sidecar.Options.AppId, e.Message);
            return null;
        }

        return ActorTable.NoTypes;
    }
}
