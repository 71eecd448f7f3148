using Polly.Timeout;
using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.Tests.Resiliency;

public sealed class PolicyTests
{
    readonly SkippingTime _time = new();
    PolicyClock Clock => new(_time, new Random(1));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_constant_retry_waits_the_same_every_time_and_hands_out_the_last_error()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Policy(retry: Retry.Constant(TimeSpan.FromMilliseconds(200), 3)).Run<int>(
                (attempt, _) => throw new InvalidOperationException($"attempt {attempt}"),
                _ => Verdict.Success, null, Ct));

        Assert.Equal("attempt 4", error.Message);
        Assert.Equal([200, 200, 200], _time.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Fact]
    public async Task An_exponential_retry_grows_by_half_with_jitter_up_to_its_longest_wait_and_for_fifteen_minutes_at_most()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Policy(retry: Retry.Exponential(TimeSpan.FromSeconds(60), null)).Run<int>(
                _ => throw new InvalidOperationException(), Ct));

        var interval = 500.0;
        foreach (var wait in _time.Waits)
        {
            Assert.InRange(wait.TotalMilliseconds, interval * 0.5, interval * 1.5);
            interval = Math.Min(interval * 1.5, 60_000);
        }

        Assert.InRange(_time.Waits.Sum(wait => wait.TotalMinutes), 13.4, 15);
    }

    [Fact]
    public async Task A_timeout_bounds_each_attempt_and_the_abandoned_one_is_told_to_stop()
    {
        var stopped = 0;

        await Assert.ThrowsAsync<TimeoutRejectedException>(
            () => Policy(TimeSpan.FromSeconds(1), Retry.Constant(TimeSpan.FromMilliseconds(200), 2)).Run(
                async ct =>
                {
                    ct.Register(() => Interlocked.Increment(ref stopped));
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                    return true;
                }, Ct));

        // The attempt is cancelled separately, perhaps after its caller.
        await Ticketing.Testing.Eventually.Is(() => Volatile.Read(ref stopped) == 3);
        Assert.Equal(3, stopped);
        Assert.Equal([1000, 200, 1000, 200, 1000], _time.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Fact]
    public async Task A_permanent_failure_is_not_tried_again()
    {
        var made = 0;
        var running = Policy(retry: Retry.Constant(TimeSpan.Zero, 3)).Run<int>(
            (_, _) => { made++; throw new InvalidOperationException(); },
            _ => Verdict.Success, _ => Verdict.Permanent, Ct);

        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        Assert.Equal(1, made);
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_between_attempts()
    {
        using var stop = new CancellationTokenSource();
        var patient = new Policy(TimeSpan.Zero, Retry.Constant(TimeSpan.FromHours(1), null), PolicyClock.System);
        var running = patient.Run<int>(
            _ => throw new InvalidOperationException(), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    Policy Policy(TimeSpan timeout = default, Retry? retry = null) => new(timeout, retry, Clock);
}

/// <summary>A clock that jumps to the next due time, so that no test waits.</summary>
sealed class SkippingTime : TimeProvider
{
    readonly Lock _gate = new();
    readonly List<TimeSpan> _waits = [];
    long _now;

    public IReadOnlyList<TimeSpan> Waits
    {
        get { lock (_gate) return [.. _waits]; }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _now);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Skipped(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    void Skip(TimeSpan dueTime, TimerCallback callback, object? state)
    {
        lock (_gate) _waits.Add(dueTime);
        Advance(dueTime);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
    }

    sealed class Skipped(SkippingTime time, TimerCallback callback, object? state) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.Zero) time.Skip(dueTime, callback, state);
            return true;
        }

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
