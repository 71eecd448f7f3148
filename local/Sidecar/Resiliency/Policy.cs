using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Ticketing.Sidecar.Resiliency;

/// <summary>The result of one attempt for a policy. A permanent failure is not retried.</summary>
public enum Verdict { Success, Failure, Permanent }

/// <summary>A timeout and a retry. As in daprd the timeout bounds one attempt, not all of them.</summary>
public sealed class Policy
{
    static readonly ResiliencePropertyKey<Func<Outcome<object>, Verdict>> JudgeKey = new("judge");
    static readonly ResiliencePropertyKey<long> StartKey = new("start");

    readonly PolicyClock _clock;
    readonly ResiliencePipeline _pipeline;

    /// <param name="timeout">Zero for none. An attempt that times out is abandoned and may still complete.</param>
    public Policy(TimeSpan timeout, Retry? retry, PolicyClock clock)
    {
        (Timeout, Retry, _clock) = (timeout, retry, clock);
        var builder = new ResiliencePipelineBuilder { TimeProvider = clock.Time };
        if (retry is { MaxRetries: not 0 }) builder.AddRetry(Strategy(retry, clock));
        if (timeout > TimeSpan.Zero)
            builder.AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = _ => new(timeout) });
        _pipeline = builder.Build();
    }

    public TimeSpan Timeout { get; }

    public Retry? Retry { get; }

    public bool IsEmpty => Timeout == TimeSpan.Zero && Retry is null;

    static RetryStrategyOptions Strategy(Retry retry, PolicyClock clock) => new()
    {
        MaxRetryAttempts = retry.MaxRetries ?? int.MaxValue,
        ShouldHandle = args => new(
            args.Context.Properties.GetValue(JudgeKey, _ => Verdict.Failure)(args.Outcome) == Verdict.Failure
            && retry.HasTime(args.AttemptNumber,
                clock.Time.GetElapsedTime(args.Context.Properties.GetValue(StartKey, 0)))),
        DelayGenerator = args => new(retry.Wait(args.AttemptNumber, clock.NextDouble())),
    };

    public Task<T> Run<T>(Func<CancellationToken, Task<T>> operation, CancellationToken ct) =>
        Run((_, attemptCt) => operation(attemptCt), _ => Verdict.Success, null, ct);

    /// <summary>Runs <paramref name="operation"/> until it succeeds or the policy gives up; the last attempt's result
    /// or exception is the caller's.</summary>
    /// <param name="operation">Given the number of the attempt, counted from 1.</param>
    /// <param name="ofResult">Whether a result that came back counts as a failure.</param>
    /// <param name="ofError">What an exception counts as; null: a failure worth retrying.</param>
    /// <exception cref="TimeoutRejectedException">The last attempt timed out.</exception>
    public async Task<T> Run<T>(
        Func<int, CancellationToken, Task<T>> operation, Func<T, Verdict> ofResult, Func<Exception, Verdict>? ofError,
        CancellationToken ct)
    {
        if (IsEmpty) return await operation(1, ct);
        var context = ResilienceContextPool.Shared.Get(ct);
        context.Properties.Set(JudgeKey, outcome => outcome.Exception is { } error
            ? ofError?.Invoke(error) ?? Verdict.Failure
            : ofResult((T)outcome.Result!));
        context.Properties.Set(StartKey, _clock.Time.GetTimestamp());
        var attempt = 0;
        try
        {
            return await _pipeline.ExecuteAsync(async attempted =>
            {
                var running = operation(++attempt, attempted.CancellationToken);
                return await (Timeout > TimeSpan.Zero ? running.WaitAsync(attempted.CancellationToken) : running);
            }, context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}

/// <summary>The clock and the random numbers of policies, replaceable in tests.</summary>
public sealed record PolicyClock(TimeProvider Time, Random Random)
{
    public static readonly PolicyClock System = new(TimeProvider.System, Random.Shared);

    /// <summary>At least 0, less than 1; a seeded <see cref="Random"/> is shared by many callers.</summary>
    public double NextDouble()
    {
        lock (Random) return Random.NextDouble();
    }
}
