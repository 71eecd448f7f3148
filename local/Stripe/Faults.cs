using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ticketing.StripeServer;

/// <summary>In JSON in kebab case, such as <c>fail-after-effect</c>.</summary>
[JsonConverter(typeof(FaultKindNames))]
enum FaultKind
{
    /// <summary>Wait before anything happens.</summary>
    Delay,
    /// <summary>Execute the call, store the reply, and send it only after the delay.</summary>
    Hang,
    /// <summary>Execute the call, store the reply, and close the connection.</summary>
    LoseReply,
    /// <summary>Execute the call and answer 500; that reply is stored under the idempotency key.</summary>
    FailAfterEffect,
    /// <summary>Answer 503 and do nothing.</summary>
    Unavailable,
    /// <summary>Answer 429 and do nothing.</summary>
    RateLimit,
    /// <summary>Webhooks: never send this one.</summary>
    Drop,
    /// <summary>Webhooks: send it twice.</summary>
    Duplicate,
    /// <summary>Webhooks: send it after the delay.</summary>
    Late,
    /// <summary>Webhooks: keep it until <c>POST /local/webhooks/release</c>.</summary>
    Hold,
}

sealed class FaultKindNames() : JsonStringEnumConverter<FaultKind>(JsonNamingPolicy.KebabCaseLower);

/// <summary>Makes the next <paramref name="Times"/> calls or events of a kind fail.</summary>
/// <param name="On">
/// <c>create</c>, <c>retrieve</c>, <c>update</c>, <c>confirm</c>, <c>capture</c>, <c>cancel</c>, <c>refund</c>,
/// <c>search</c>, <c>webhook:{event type}</c>, or one of them ending in <c>*</c>.
/// </param>
sealed record FaultRule(string On, FaultKind Do, int Times = 1, int Milliseconds = 0);

/// <summary>Injected faults, for tests. In memory on purpose: a restarted server has none.</summary>
sealed class Faults
{
    public const int RulesMax = 100, MillisecondsMax = 600_000;

    readonly Lock gate = new();
    readonly List<FaultRule> rules = [];

    public IReadOnlyList<FaultRule> All
    {
        get { lock (gate) return [.. rules]; }
    }

    public bool Add(FaultRule rule)
    {
        lock (gate)
        {
            if (string.IsNullOrEmpty(rule.On) || rules.Count == RulesMax || rule.Times < 1 || rule.Milliseconds is < 0 or > MillisecondsMax)
                return false;
            rules.Add(rule);
            return true;
        }
    }

    public void Clear()
    {
        lock (gate) rules.Clear();
    }

    public FaultRule? Take(string operation)
    {
        lock (gate)
        {
            var at = rules.FindIndex(rule => Matches(rule.On, operation));
            if (at < 0) return null;
            var rule = rules[at];
            if (rule.Times == 1) rules.RemoveAt(at);
            else rules[at] = rule with { Times = rule.Times - 1 };
            return rule;
        }
    }

    // A bare "*" means all calls but no webhooks: those need their prefix.
    static bool Matches(string on, string operation) => on.EndsWith('*')
        ? operation.StartsWith(on[..^1], StringComparison.Ordinal)
            && (on is not "*" || !operation.StartsWith("webhook:", StringComparison.Ordinal))
        : on == operation;
}
