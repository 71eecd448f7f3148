namespace Ticketing.Common;

/// <summary>A ring buffer of the newest steps. <see cref="Add"/> never waits for readers.</summary>
public sealed class StepRing(int capacity = StepRing.StepsMax)
{
    /// <summary>About 4 MB.</summary>
    public const int StepsMax = 10_000;

    readonly Lock _gate = new();
    readonly Step[] _steps = new Step[capacity];
    TaskCompletionSource? _more;

    /// <summary>How many were ever added; also the number of the newest.</summary>
    public long Count { get; private set; }

    public void Add(Step step)
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            _steps[Count % _steps.Length] = step with { Number = ++Count };
            (waiting, _more) = (_more, null);
        }

        waiting?.SetResult();
    }

    /// <summary>The buffered steps with a greater number, oldest first.</summary>
    public IReadOnlyList<Step> After(long number)
    {
        lock (_gate)
        {
            var first = Math.Max(Math.Max(number, 0), Count - _steps.Length);
            var after = new List<Step>((int)Math.Max(0, Count - first));
            for (var i = first; i < Count; i++) after.Add(_steps[i % _steps.Length]);
            return after;
        }
    }

    public IReadOnlyList<Step> All() => After(0);

    /// <summary>Returns once there is a step with a greater number.</summary>
    public Task WaitBeyond(long number, CancellationToken ct)
    {
        lock (_gate)
        {
            return Count > number
                ? Task.CompletedTask
                : (_more ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
        }
    }
}
