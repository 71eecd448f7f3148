using System.Diagnostics.CodeAnalysis;

namespace Ticketing.Sidecar.Resiliency;

/// <summary>What a breaker is made from. One breaker a target, all of them from the same template.</summary>
/// <param name="MaxRequests">Attempts let through while half open, and successes needed to close again.</param>
/// <param name="Interval">While closed, counts start over this often; zero: never.</param>
/// <param name="Timeout">How long an open breaker refuses everything before it is half open.</param>
/// <param name="Trip">Opens the breaker when true after a failure; null: more than five failures in a row.</param>
public sealed record CircuitBreakerTemplate(int MaxRequests, TimeSpan Interval, TimeSpan Timeout, Expression? Trip);

/// <summary>A circuit breaker with the states and counts of the one daprd uses (sony/gobreaker): attempts belong to a
/// generation, and one that ends in a later generation than it began in is not counted.</summary>
public sealed class CircuitBreaker(CircuitBreakerTemplate template, TimeProvider time)
{
    const int FailuresInARowMax = 5;

    readonly Lock _lock = new();
    BreakerState _state;
    long _generation;
    long _generationStart = time.GetTimestamp();
    Counts _counts;

    public BreakerState State
    {
        get { lock (_lock) { Advance(); return _state; } }
    }

    public bool TryEnter(out long generation, [NotNullWhen(false)] out BreakerOpenException? refusal)
    {
        lock (_lock)
        {
            Advance();
            generation = _generation;
            refusal = _state switch
            {
                BreakerState.Open => BreakerOpenException.Open(),
                BreakerState.HalfOpen when _counts.Requests >= template.MaxRequests =>
                    BreakerOpenException.TooManyRequests(),
                _ => null,
            };
            if (refusal is null) _counts.Requests++;
            return refusal is null;
        }
    }

    public void Leave(long generation, bool failed)
    {
        lock (_lock)
        {
            Advance();
            if (generation != _generation) return;
            _counts.Add(failed);
            if (failed && (_state == BreakerState.HalfOpen || Trips())) Become(BreakerState.Open);
            if (_state == BreakerState.HalfOpen && _counts.ConsecutiveSuccesses >= template.MaxRequests)
                Become(BreakerState.Closed);
        }
    }

    void Advance()
    {
        var age = time.GetElapsedTime(_generationStart);
        if (_state == BreakerState.Open && age > template.Timeout) Become(BreakerState.HalfOpen);
        else if (_state == BreakerState.Closed && template.Interval > TimeSpan.Zero && age > template.Interval)
            Become(BreakerState.Closed);
    }

    void Become(BreakerState state)
    {
        _state = state;
        _generation++;
        _generationStart = time.GetTimestamp();
        _counts = default;
    }

    bool Trips()
    {
        if (template.Trip is null) return _counts.ConsecutiveFailures > FailuresInARowMax;
        try
        {
            return template.Trip.IsTrue(_counts.ToVariables());
        }
        catch (InvalidOperationException)
        {
            return false; // As daprd: an expression that cannot be answered does not trip.
        }
    }

    struct Counts
    {
        public long Requests, ConsecutiveSuccesses, ConsecutiveFailures;
        long _totalSuccesses, _totalFailures;

        public void Add(bool failed)
        {
            ConsecutiveSuccesses = failed ? 0 : ConsecutiveSuccesses + 1;
            ConsecutiveFailures = failed ? ConsecutiveFailures + 1 : 0;
            if (failed) _totalFailures++;
            else _totalSuccesses++;
        }

        public readonly Dictionary<string, object?> ToVariables() => new()
        {
            ["requests"] = Requests,
            ["totalSuccesses"] = _totalSuccesses,
            ["totalFailures"] = _totalFailures,
            ["consecutiveSuccesses"] = ConsecutiveSuccesses,
            ["consecutiveFailures"] = ConsecutiveFailures,
        };
    }
}

public enum BreakerState { Closed, Open, HalfOpen }

/// <summary>The breakers of one target, by endpoint or actor; the one unused for longest makes room.</summary>
public sealed class BreakerCache(CircuitBreakerTemplate template, int capacity, TimeProvider time)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, LinkedListNode<(string Key, CircuitBreaker Breaker)>> _byKey = [];
    readonly LinkedList<(string Key, CircuitBreaker Breaker)> _byUse = [];

    public CircuitBreaker For(string key)
    {
        lock (_lock)
        {
            if (_byKey.TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
            }
            else
            {
                if (_byKey.Count >= capacity)
                {
                    _byKey.Remove(_byUse.Last!.Value.Key);
                    _byUse.RemoveLast();
                }

                node = _byKey[key] = new((key, new CircuitBreaker(template, time)));
            }

            _byUse.AddFirst(node);
            return node.Value.Breaker;
        }
    }
}
