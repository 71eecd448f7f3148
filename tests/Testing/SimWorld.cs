namespace Ticketing.Testing;

/// <summary>
/// A world of its own: one thread, its own clock, and everything that could happen next chosen by a seed. The same seed
/// gives the same order of events. Time moves only when nothing is left to do.
/// </summary>
public sealed class SimWorld(int seed) : SynchronizationContext
{
    /// <summary>Steps after which a world is taken for one that never comes to rest.</summary>
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

    /// <summary>Runs what was started here, and what follows from it, for so long of the world's time.</summary>
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

    /// <summary>Runs one piece of work to its end.</summary>
    /// <exception cref="TimeoutException">It had not ended after an hour of the world's time.</exception>
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
    /// Starts several pieces of work at once and runs them all to their end. Not <c>Task.WhenAll</c>: that one may take
    /// its last step on a thread of the pool, where no seed rules.
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

    /// <summary>Starts something in this world; it goes on whenever the world runs.</summary>
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
