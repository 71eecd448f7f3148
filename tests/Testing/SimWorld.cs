namespace Ticketing.Testing;

/// <summary>
/// A simulated world: one thread, its own clock, and a seed that chooses which task runs next. The same seed gives the
/// same order of events. Time advances only when no task can run.
/// </summary>
public sealed class SimWorld(int seed) : SynchronizationContext
{
    /// <summary>Steps after which the run fails, as it would probably never end.</summary>
    const int StepsMax = 5_000_000;

    readonly List<(SendOrPostCallback Callback, object? State)> ready = [];
    readonly PriorityQueue<(SimTimer Timer, int Setting), (long DueAt, long Order)> timers = new();
    long now, timerOrder, steps;

    public Random Random { get; } = new(seed);
    public TimeProvider Clock => field ??= new SimClock(this);
    public static DateTimeOffset Start { get; } = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public override void Post(SendOrPostCallback d, object? state) => ready.Add((d, state));
    public override void Send(SendOrPostCallback d, object? state) => d(state);
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs all tasks of this world for this much simulated time.</summary>
    public void Run(TimeSpan time)
    {
        var until = now + time.Ticks;
        Within(() =>
        {
            while (true)
            {
                while (ready.Count > 0)
                    Step();
                if (!timers.TryPeek(out _, out var next) || next.DueAt > until)
                    break;
                now = Math.Max(now, next.DueAt);
                var (timer, setting) = timers.Dequeue();
                timer.Fire(setting);
            }
            now = until;
            return true;
        });
    }

    /// <summary>Runs one task to its end.</summary>
    /// <exception cref="TimeoutException">It had not ended after an hour of simulated time.</exception>
    public T Complete<T>(Func<Task<T>> work)
    {
        var task = Within(work);
        for (var second = 0; !task.IsCompleted && second < 3600; second++)
            Run(TimeSpan.FromSeconds(1));
        return task.IsCompleted ? task.GetAwaiter().GetResult() : throw new TimeoutException("The world stands still.");
    }

    public void Complete(Func<Task> work) => Complete(async () =>
    {
        await work();
        return true;
    });

    /// <summary>
    /// Starts several tasks at once and runs them all to their end. Not by <c>Task.WhenAll</c>: its continuation may
    /// run on a pool thread, in an order that the seed does not control.
    /// </summary>
    public IReadOnlyList<T> CompleteAll<T>(Func<IEnumerable<Task<T>>> work) => Complete(async () =>
    {
        var done = new List<T>();
        foreach (var task in work().ToList())
            done.Add(await task);
        return done;
    });

    /// <inheritdoc cref="CompleteAll{T}"/>
    public void CompleteAll(Func<IEnumerable<Task>> work) => Complete(async () =>
    {
        foreach (var task in work().ToList())
            await task;
    });

    /// <summary>Starts a task in this world; it continues whenever the world runs.</summary>
    public T Within<T>(Func<T> work)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            return work();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    void Step()
    {
        if (++steps > StepsMax)
            throw new InvalidOperationException($"Seed {seed}: no rest after {StepsMax} steps.");
        var at = Random.Next(ready.Count);
        var (callback, state) = ready[at];
        ready.RemoveAt(at);
        callback(state);
    }

    sealed class SimClock(SimWorld world) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;
        public override long GetTimestamp() => world.now;
        public override DateTimeOffset GetUtcNow() => Start + TimeSpan.FromTicks(world.now);
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimTimer(world, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }
    }

    sealed class SimTimer(SimWorld world, TimerCallback callback, object? state) : ITimer
    {
        TimeSpan period;
        int setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            this.period = period;
            setting++;
            if (dueTime != Timeout.InfiniteTimeSpan)
                Schedule(dueTime);
            return true;
        }

        void Schedule(TimeSpan wait) =>
            world.timers.Enqueue((this, setting), (world.now + Math.Max(0, wait.Ticks), world.timerOrder++));

        public void Fire(int ofSetting)
        {
            if (ofSetting != setting)
                return;
            if (period > TimeSpan.Zero)
                Schedule(period);
            callback(state);
        }

        public void Dispose() => setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
