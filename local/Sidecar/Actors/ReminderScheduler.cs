namespace Ticketing.Sidecar.Actors;

/// <summary>Fires the reminders of every actor of this process, as Dapr's Scheduler does for a cluster: each goes to
/// whichever sidecar owns its actor, and waits while no sidecar hosts the type.</summary>
sealed class ReminderScheduler : IDisposable
{
    /// <summary>The most concurrent callbacks: a hundred thousand due at once must not open as many connections.
    ///</summary>
    const int FiringMax = 256;

    static readonly TimeSpan RetryAfterFault = TimeSpan.FromSeconds(1);

    /// <summary>Serializes the writes of one reminder; different reminders share a fixed number of locks.</summary>
    const int Stripes = 512;

    readonly Dictionary<string, Reminder> _active = [];
    readonly Dictionary<string, List<Reminder>> _unowned = [];
    readonly Dictionary<string, Task> _loads = [];
    readonly SemaphoreSlim[] _writing = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];
    readonly SemaphoreSlim _firing = new(FiringMax);
    readonly CancellationTokenSource _closing = new();
    readonly DueQueue<string, Reminder> _due;
    readonly TimeProvider _time;
    readonly ActorPlacement _placement;
    readonly ILogger _log;

    public ReminderScheduler(TimeProvider time, ActorPlacement placement, ILogger log)
    {
        (_time, _placement, _log) = (time, placement, log);
        _due = new DueQueue<string, Reminder>(time, reminder => _ = Fire(reminder));
        placement.Hosted += FireUnowned;
    }

    /// <summary>Reads the reminders of a type from disk, the first time that a sidecar hosts it.</summary>
    public Task Load(string type, ReminderStore store, CancellationToken ct)
    {
        lock (_active)
        {
            if (!_loads.TryGetValue(type, out var load) || load.IsFaulted) _loads[type] = load = LoadOnce();
            return load.WaitAsync(ct);
        }

        async Task LoadOnce()
        {
            foreach (var reminder in await store.Load(type, _closing.Token))
            {
                lock (_active)
                    if (!_active.ContainsKey(reminder.Key)) Schedule(reminder);
            }
        }
    }

    public Reminder? Find(string key)
    {
        lock (_active) return _active.GetValueOrDefault(key);
    }

    /// <summary>False: the name exists, and <paramref name="overwrite"/> is false.</summary>
    /// <exception cref="StateStoreException">It could not be saved, and is not set.</exception>
    public async Task<bool> Set(Reminder reminder, bool overwrite, ReminderStore store, CancellationToken ct)
    {
        using var _ = await Write(reminder.Key, ct);
        if (!overwrite && Find(reminder.Key) is not null) return false;
        // Not cancelled with the request, or disk and memory would differ.
        if (reminder.AttemptAt is null) await store.Delete(reminder.Key, CancellationToken.None);
        else await store.Save(reminder, CancellationToken.None);
        lock (_active) Schedule(reminder);
        return true;
    }

    /// <exception cref="StateStoreException">It was not deleted.</exception>
    public async Task Remove(string key, ReminderStore store, CancellationToken ct)
    {
        using var _ = await Write(key, ct);
        if (Find(key) is null) return;
        await store.Delete(key, CancellationToken.None);
        lock (_active) Forget(key);
    }

    public void Dispose()
    {
        _placement.Hosted -= FireUnowned;
        _closing.Cancel();
        _due.Dispose();
    }

    async Task Fire(Reminder reminder)
    {
        try
        {
            await _firing.WaitAsync(_closing.Token);
            try
            {
                await FireAtOwner(reminder);
            }
            finally
            {
                _firing.Release();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The process ends; the reminder is on disk.
        }
        catch (Exception e)
        {
            // It is in no queue now, and would be forgotten until the next start.
            Log.ReminderBroke(_log, e, reminder.Key);
            lock (_active)
                if (IsActive(reminder)) _due.Set(reminder.Key, _time.GetUtcNow() + RetryAfterFault, reminder);
        }
    }

    async Task FireAtOwner(Reminder reminder)
    {
        var owner = await _placement.Owner(reminder.Actor, _closing.Token);
        if (!IsActive(reminder)) return;
        if (owner is null)
        {
            Park(reminder);
            return;
        }

        owner.Reminding.TryEnter();
        try
        {
            await owner.Router.Remind(reminder, _closing.Token);
            await Advance(reminder, reminder.Succeeded(), owner.Reminders!);
        }
        catch (ActorMovedException)
        {
            // The sidecar ended meanwhile: not a failed attempt, the next owner gets the reminder.
            Again(reminder);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Any exception counts as a failed attempt.
            Log.ReminderFailed(_log, reminder.Key, reminder.Attempts + 1, e.Message);
            await Advance(reminder, reminder.Failed(), owner.Reminders!);
        }
        finally
        {
            owner.Reminding.Leave();
        }
    }

    async Task Advance(Reminder reminder, Reminder next, ReminderStore store)
    {
        using var _ = await Write(reminder.Key, _closing.Token);
        if (!IsActive(reminder)) return;
        try
        {
            if (next.AttemptAt is null) await store.Delete(reminder.Key, _closing.Token);
            else await store.Save(next, _closing.Token);
        }
        catch (StateStoreException e)
        {
            Log.ReminderNotKept(_log, reminder.Key, e.Message);
        }

        lock (_active) Schedule(next);
    }

    void Park(Reminder reminder)
    {
        lock (_active)
        {
            if (!_unowned.TryGetValue(reminder.ActorType, out var parked)) _unowned[reminder.ActorType] = parked = [];
            parked.Add(reminder);
        }

        // A sidecar may have started to host the type since the owner was looked up.
        if (_placement.OwnerNow(reminder.Actor) is not null) FireUnowned(reminder.ActorType);
    }

    void FireUnowned(string type)
    {
        List<Reminder>? parked;
        lock (_active) _unowned.Remove(type, out parked);
        foreach (var reminder in parked ?? []) Again(reminder);
    }

    void Again(Reminder reminder)
    {
        lock (_active)
            if (IsActive(reminder)) Schedule(reminder);
    }

    void Schedule(Reminder reminder)
    {
        if (reminder.AttemptAt is { } at)
        {
            _active[reminder.Key] = reminder;
            _due.Set(reminder.Key, at, reminder);
        }
        else
        {
            Forget(reminder.Key);
        }
    }

    void Forget(string key)
    {
        if (_active.Remove(key)) _due.Remove(key);
    }

    bool IsActive(Reminder reminder)
    {
        lock (_active) return ReferenceEquals(_active.GetValueOrDefault(reminder.Key), reminder);
    }

    async Task<Writing> Write(string key, CancellationToken ct)
    {
        var stripe = _writing[(uint)string.GetHashCode(key, StringComparison.Ordinal) % Stripes];
        await stripe.WaitAsync(ct);
        return new Writing(stripe);
    }

    readonly struct Writing(SemaphoreSlim stripe) : IDisposable
    {
        public void Dispose() => stripe.Release();
    }
}
