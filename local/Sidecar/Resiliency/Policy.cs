using System.Runtime.ExceptionServices;

namespace Ticketing.Sidecar.Resiliency;

/// <summary>How one attempt ended, as far as a policy cares.</summary>
/// <param name="Code">An HTTP or gRPC status that a retry's <c>matching</c> decides on; null retries.</param>
/// <param name="IsPermanent">Never worth another attempt.</param>
public readonly record struct Verdict(bool Failed, int? Code = null, bool IsPermanent = false)
{
    public static readonly Verdict Success = new(false);
    public static readonly Verdict Failure = new(true);
    public static readonly Verdict Permanent = new(true, IsPermanent: true);

    public static Verdict FailureWith(int code) => new(true, code);
}

/// <summary>The timeout, circuit breaker and retry of one target. As in daprd the timeout bounds one attempt, the
/// breaker sees every attempt, and the retry is outermost.</summary>
/// <param name="Timeout">Zero for none. An attempt that runs over is abandoned, not undone.</param>
public sealed record Policy(TimeSpan Timeout, Retry? Retry, CircuitBreaker? Breaker, PolicyClock Clock)
{
    public bool IsEmpty => Timeout == TimeSpan.Zero && Retry is null && Breaker is null;

    public Task Run(Func<CancellationToken, Task> operation, CancellationToken ct) =>
        Run(async (_, attemptCt) => { await operation(attemptCt); return true; }, _ => Verdict.Success, null, ct);

    public Task<T> Run<T>(Func<CancellationToken, Task<T>> operation, CancellationToken ct) =>
        Run((_, attemptCt) => operation(attemptCt), _ => Verdict.Success, null, ct);

    /// <summary>Runs <paramref name="operation"/> until it succeeds or the policy gives up; the last attempt's result
    /// or exception is the caller's.</summary>
    /// <param name="operation">Given the number of the attempt, counted from 1.</param>
    /// <param name="ofResult">Whether a result that came back counts as a failure.</param>
    /// <param name="ofError">What an exception counts as; null: a failure worth retrying.</param>
    /// <exception cref="AttemptTimeoutException">The last attempt ran over the timeout.</exception>
    /// <exception cref="BreakerOpenException">The breaker let no attempt through.</exception>
    public async Task<T> Run<T>(
        Func<int, CancellationToken, Task<T>> operation,
        Func<T, Verdict> ofResult,
        Func<Exception, Verdict>? ofError,
        CancellationToken ct)
    {
        var waits = Retry?.Start(Clock);
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await Attempt(operation, ofResult, ofError, attempt, ct);
            if (waits?.Next(outcome.Verdict) is not { } wait) return outcome.Unwrap();
            await Task.Delay(wait, Clock.Time, ct);
        }
    }

    async Task<Outcome<T>> Attempt<T>(
        Func<int, CancellationToken, Task<T>> operation,
        Func<T, Verdict> ofResult,
        Func<Exception, Verdict>? ofError,
        int attempt,
        CancellationToken ct)
    {
        var generation = 0L;
        if (Breaker is not null && !Breaker.TryEnter(out generation, out var refusal))
            return new(default, refusal, Verdict.Permanent);

        Outcome<T> outcome;
        try
        {
            var result = await Bounded(operation, attempt, ct);
            outcome = new(result, null, ofResult(result));
        }
        catch (Exception error)
        {
            var verdict = ct.IsCancellationRequested ? Verdict.Permanent : ofError?.Invoke(error) ?? Verdict.Failure;
            outcome = new(default, error, verdict);
        }

        Breaker?.Leave(generation, failed: outcome.Verdict.Failed);
        return outcome;
    }

    async Task<T> Bounded<T>(Func<int, CancellationToken, Task<T>> operation, int attempt, CancellationToken ct)
    {
        if (Timeout == TimeSpan.Zero) return await operation(attempt, ct);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = operation(attempt, stop.Token);
        try
        {
            return await running.WaitAsync(Timeout, Clock.Time, ct);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            await stop.CancelAsync();
            // Whatever the abandoned attempt still does, nobody is left to hear of it.
            _ = running.ContinueWith(late => late.Exception, TaskScheduler.Default);
            throw new AttemptTimeoutException();
        }
    }

    readonly record struct Outcome<T>(T? Result, Exception? Error, Verdict Verdict)
    {
        public T Unwrap()
        {
            if (Error is not null) ExceptionDispatchInfo.Throw(Error);
            return Result!;
        }
    }
}

/// <summary>Where policies get their time and their chance from.</summary>
public sealed record PolicyClock(TimeProvider Time, Random Random)
{
    public static readonly PolicyClock System = new(TimeProvider.System, Random.Shared);

    /// <summary>At least 0, less than 1; a seeded <see cref="Random"/> is shared by many callers.</summary>
    public double NextDouble()
    {
        lock (Random) return Random.NextDouble();
    }
}

/// <summary>An attempt took longer than its policy's timeout; the text is daprd's.</summary>
public sealed class AttemptTimeoutException() : TimeoutException("context deadline exceeded");

/// <summary>The circuit breaker refused an attempt; the texts are daprd's.</summary>
public sealed class BreakerOpenException(string reason) : Exception(reason)
{
    public static BreakerOpenException Open() => new("circuit breaker is open");
    public static BreakerOpenException TooManyRequests() => new("too many requests");
}
