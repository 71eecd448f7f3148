using System.Diagnostics;

namespace Ticketing.Common;

/// <summary>
/// Accepts a caller's trace context only in the form of W3C Trace Context. HttpClient copies it into every outgoing
/// request, after <see cref="SafeHeaders"/> has checked it, and a sidecar call with a character beyond ASCII would
/// fail. Baggage from outside is not accepted: nothing here reads it.
/// </summary>
public sealed class TraceHeaders(DistributedContextPropagator inner) : DistributedContextPropagator
{
    // W3C Trace Context demands that at least this much is passed on.
    const int StateLengthMax = 512;

    public override IReadOnlyCollection<string> Fields => inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        inner.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(
        object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        if (!ActivityContext.TryParse(traceId, null, out _))
            (traceId, traceState) = (null, null);
        else if (traceState is { Length: > StateLengthMax } || !HeaderText.IsValue(traceState ?? ""))
            traceState = null;
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(
        object? carrier, PropagatorGetterCallback? getter) => null;
}
