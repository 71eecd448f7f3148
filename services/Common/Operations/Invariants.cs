using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Ticketing.Common;

/// <summary>
/// Reports a state that must never occur (docs: invariants): counted as
/// <c>ticketing_invariant_violations_total{invariant}</c> and logged as critical. Nothing is repaired.
/// </summary>
public static class Invariants
{
    static readonly Counter<long> violations = Telemetry.Meter.CreateCounter<long>(
        "ticketing_invariant_violations_total", description: "States that must never be, by the invariant they break.");

    /// <param name="invariant">Its name in the docs, e.g. <c>one-holder</c>.</param>
    /// <param name="where">The key of the document, e.g. <c>book:abc</c>.</param>
    public static void Check(bool holds, string invariant, string where, ILogger log)
    {
        if (holds)
            return;
        violations.Add(1, new KeyValuePair<string, object?>("invariant", invariant));
        log.InvariantBroken(invariant, where);
    }
}
