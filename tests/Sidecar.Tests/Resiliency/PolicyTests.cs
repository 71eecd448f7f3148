using Ticketing.Sidecar.Resiliency;

namespace Ticketing.Sidecar.Tests.Resiliency;

public sealed class PolicyTests
{
    readonly SkippingTime _time = new();
    PolicyClock Clock => new(_time, new Random(1));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 200, 1)]
    [InlineData("", 500, 4)]
    [InlineData("", 404, 4)]
    [InlineData("500-599", 503, 4)]
    [InlineData("500-599", 400, 1)]
    [InlineData("429,500-599", 429, 4)]
    public async Task Matching_decides_which_status_is_tried_again(string matching, int status, int attempts)
    {
        var retry = Retry.Constant(TimeSpan.Zero, 3) with { HttpCodes = CodeRanges.Parse(matching, 100, 599) };
        var made = 0;

        var last = await Policy(retry: retry).Run(
            (_, _) => { made++; return Task.FromResult(status); }, StatusVerdict, null, Ct);

        Assert.Equal(attempts, made);
        Assert.Equal(status, last);
    }

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
    public void An_exponential_retry_grows_by_half_with_jitter_up_to_its_longest_wait_and_for_fifteen_minutes_at_most()
    {
        var clock = Clock;
        var schedule = Retry.Exponential(TimeSpan.FromSeconds(60), null).Start(clock);
        var interval = 500.0;
        var elapsed = 0.0;
        while (schedule.Next(Verdict.Failure) is { } wait)
        {
            Assert.InRange(wait.TotalMilliseconds, interval * 0.5, interval * 1.5);
            interval = Math.Min(interval * 1.5, 60_000);
            _time.Advance(wait);
            elapsed += wait.TotalMinutes;
        }

        Assert.InRange(elapsed, 13.5, 15);
    }

    [Fact]
    public async Task A_timeout_bounds_each_attempt_and_the_abandoned_one_is_told_to_stop()
    {
        var stopped = 0;

        await Assert.ThrowsAsync<AttemptTimeoutException>(
            () => Policy(TimeSpan.FromSeconds(1), Retry.Constant(TimeSpan.FromMilliseconds(200), 2)).Run(
                async ct =>
                {
                    ct.Register(() => Interlocked.Increment(ref stopped));
                    await Task.Delay(Timeout.InfiniteTimeSpan, ct);
                }, Ct));

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
        var patient = Policy(retry: Retry.Constant(TimeSpan.FromHours(1), null)) with { Clock = PolicyClock.System };
        var running = patient.Run<int>(
            _ => throw new InvalidOperationException(), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task An_open_breaker_ends_the_retries_at_once()
    {
        var made = 0;
        var template = new CircuitBreakerTemplate(
            1, TimeSpan.Zero, TimeSpan.FromSeconds(60), new("consecutiveFailures >= 2"));
        var policy = Policy(retry: Retry.Constant(TimeSpan.Zero, 9)) with { Breaker = new(template, _time) };

        await Assert.ThrowsAsync<BreakerOpenException>(
            () => policy.Run(_ => { made++; throw new InvalidOperationException(); }, Ct));

        Assert.Equal(2, made);
    }

    Policy Policy(TimeSpan timeout = default, Retry? retry = null) => new(timeout, retry, null, Clock);

    static Verdict StatusVerdict(int status) => status < 300 ? Verdict.Success : Verdict.FailureWith(status);
}

/// <summary>Time that jumps to whatever somebody waits for, so that nobody waits.</summary>
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
        if (dueTime >= TimeSpan.Zero)
        {
            lock (_gate) _waits.Add(dueTime);
            Advance(dueTime);
            ThreadPool.QueueUserWorkItem(_ => callback(state));
        }

        return new Skipped();
    }

    sealed class Skipped : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
