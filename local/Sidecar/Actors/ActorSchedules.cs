using Ticketing.Sidecar.Invocation;

namespace Ticketing.Sidecar.Actors;

/// <summary><c>/v1.0/actors/{type}/{id}/timers/{name}</c> and <c>…/reminders/{name}</c></summary>
sealed class ActorSchedules : IDisposable
{
    const string Timer = "/v1.0/actors/{type}/{id}/timers/{name}";
    const string Reminders = "/v1.0/actors/{type}/{id}/reminders/{name}";

    readonly AppSidecar _sidecar;
    readonly ActorRuntime _runtime;
    readonly ReminderScheduler _scheduler;
    readonly ActorTimers _timers;

    public ActorSchedules(AppSidecar sidecar, ActorRuntime runtime, ReminderScheduler scheduler)
    {
        (_sidecar, _runtime, _scheduler) = (sidecar, runtime, scheduler);
        _timers = new ActorTimers(sidecar, runtime.Router);
        sidecar.Lifecycle.OnClosing(() =>
        {
            Dispose();
            return Task.CompletedTask;
        });
    }

    public void Dispose() => _timers.Dispose();

    DateTimeOffset Now => _sidecar.Host.Time.GetUtcNow();

    public void Map(RouteTable routes)
    {
        routes.Map("POST PUT", Timer, Answering(SetTimerAsync));
        routes.Map("DELETE", Timer, Answering(RemoveTimerAsync));
        routes.Map("POST PUT", Reminders, Answering(SetReminderAsync));
        routes.Map("DELETE", Reminders, Answering(RemoveReminderAsync));
        routes.Map("GET", Reminders, GetReminderAsync);
    }

    /// <summary>Responds with the handler's error, or 204.</summary>
    static Http.RouteHandler Answering(Func<HttpContext, ActorId, string, Task<DaprError?>> handle) =>
        async (http, values) =>
        {
            var error = await handle(http, new ActorId(values[0], values[1]), values[2]);
            await (error is null ? http.WriteNoContentAsync() : http.WriteErrorAsync(error));
        };

    async Task<DaprError?> SetTimerAsync(HttpContext http, ActorId actor, string name)
    {
        try
        {
            var request = await ReadAsync(http);
            if (DaprName.Fault(name) is { } fault) return ActorAnswers.BadRequest(fault);
            if (!IsHosted(actor)) return NotRegistered(actor);
            _timers.Set(ActorTimer.Read(actor, name, request, Now));
            return null;
        }
        catch (Exception e) when (e is JsonException or BodyTooLargeException)
        {
            return DaprErrors.MalformedBody(e.Message);
        }
        catch (ActorException e)
        {
            return ActorAnswers.CreateTimer(e.Message);
        }
    }

    static DaprError NotRegistered(ActorId actor) =>
        ActorAnswers.CreateTimer($"can't create timer for actor {actor.Key}: actor type not registered");

    Task<DaprError?> RemoveTimerAsync(HttpContext http, ActorId actor, string name)
    {
        _timers.Remove(ActorTimer.KeyOf(actor, name));
        return Task.FromResult<DaprError?>(null);
    }

    async Task<DaprError?> SetReminderAsync(HttpContext http, ActorId actor, string name)
    {
        try
        {
            var request = await ReadAsync(http);
            if (DaprName.Fault(name) is { } fault) return ActorAnswers.BadRequest(fault);
            if (!IsHosted(actor)) return ActorAnswers.NotHosted;
            var reminder = Reminder.Read(actor, name, request, Now);
            return await _scheduler.Set(reminder, request.Overwrite ?? true, _runtime.Reminders!, http.RequestAborted)
                ? null : ActorAnswers.ReminderExists(name);
        }
        catch (Exception e) when (e is JsonException or BodyTooLargeException)
        {
            return DaprErrors.MalformedBody(e.Message);
        }
        catch (Exception e) when (e is ActorException or StateStoreException)
        {
            return ActorAnswers.CreateReminder(e.Message);
        }
    }

    async Task<DaprError?> RemoveReminderAsync(HttpContext http, ActorId actor, string name)
    {
        if (!IsHosted(actor)) return ActorAnswers.NotHosted;
        try
        {
            await _scheduler.Remove(Reminder.KeyOf(actor, name), _runtime.Reminders!, http.RequestAborted);
            return null;
        }
        catch (StateStoreException e)
        {
            return ActorAnswers.DeleteReminder(e.Message);
        }
    }

    Task GetReminderAsync(HttpContext http, string[] values)
    {
        var actor = new ActorId(values[0], values[1]);
        if (!IsHosted(actor)) return http.WriteErrorAsync(ActorAnswers.NotHosted);
        return _scheduler.Find(Reminder.KeyOf(actor, values[2])) is { } reminder
            ? http.WriteJsonAsync(StatusCodes.Status200OK, json => Write(json, reminder), newline: true)
            : http.WriteErrorAsync(ActorAnswers.NoReminder(values[2]));
    }

    static void Write(Utf8JsonWriter json, Reminder reminder)
    {
        json.WriteStartObject();
        json.WriteString("actorID", reminder.ActorId);
        json.WriteString("actorType", reminder.ActorType);
        if (reminder.Data is { } data)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(data);
        }

        if (reminder.DueTime.Length > 0) json.WriteString("dueTime", reminder.DueTime);
        if (reminder.Every is { } every) json.WriteString("period", $"@every {DaprDuration.Format(every)}");
        // daprd does not show a time to live that was given as a duration.
        if (Rfc3339.TryParse(reminder.Ttl, out var ttl)) json.WriteString("ttl", Rfc3339.Format(ttl));
        json.WriteEndObject();
    }

    bool IsHosted(ActorId actor) => _runtime.Table.Hosts(actor.Type);

    async Task<ScheduleRequest> ReadAsync(HttpContext http) =>
        ScheduleRequest.Read((await http.ReadBodyAsync(_sidecar.Options.MaxBodyBytes)).Span);
}
