using System.Diagnostics;

namespace Ticketing.Sidecar.Http;

/// <summary>Trace headers as daprd treats them. Afterwards the request's <c>traceparent</c> header is the current span:
/// what came in when no tracing is configured (or nothing), a new span of the same trace when it is.</summary>
sealed class Tracing(ConfigurationSpec configuration)
{
    /// <summary>What daprd sends on when there is no span at all.</summary>
    public const string None = "00-00000000000000000000000000000000-0000000000000000-00";

    readonly bool _isOff = configuration.SamplingRate is { } rate && Rate(rate) == 0;
    readonly double? _rate = configuration.SamplingRate is { Length: > 0 } rate ? Rate(rate) : null;

    public void Begin(HttpContext http)
    {
        if (_isOff) return;
        var incoming = http.Request.Headers.TraceParent.ToString();
        if (incoming.Length > 0 && !ActivityContext.TryParse(incoming, null, out _))
        {
            // What is no span is none, here and for whoever comes next.
            http.Request.Headers.Remove("traceparent");
            incoming = "";
        }

        var current = _rate is { } rate ? NextSpan(incoming, rate) : incoming;
        if (current.Length > 0) http.Request.Headers.TraceParent = current;
        http.Response.Headers.TraceParent = current.Length > 0 ? current : None;
        if (http.Request.Headers.TraceState.ToString() is { Length: > 0 } state)
            http.Response.Headers.TraceState = state;
    }

    static string NextSpan(string incoming, double rate)
    {
        if (ActivityContext.TryParse(incoming, null, out var parent))
            return Format(parent.TraceId, parent.TraceFlags != 0);
        var trace = ActivityTraceId.CreateRandom();
        return Format(trace, IsSampled(trace, rate));
    }

    static string Format(ActivityTraceId trace, bool isSampled) =>
        $"00-{trace.ToHexString()}-{ActivitySpanId.CreateRandom().ToHexString()}-{(isSampled ? "01" : "00")}";

    // The decision rests on the id alone, so that all hops of a trace decide alike.
    static bool IsSampled(ActivityTraceId trace, double rate) =>
        rate >= 1 || Convert.ToUInt64(trace.ToHexString()[..16], 16) >> 1 < (ulong)(rate * (1UL << 63));

    static double Rate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0.0001;
}
