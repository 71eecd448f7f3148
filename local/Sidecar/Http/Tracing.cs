using System.Diagnostics;

namespace Ticketing.Sidecar.Http;

/// <summary>Trace headers as daprd treats them where no tracing is configured: they pass as they came.</summary>
static class Tracing
{
    /// <summary>What daprd sends on when there is no span at all.</summary>
    public const string None = "00-00000000000000000000000000000000-0000000000000000-00";

    public static void Begin(HttpContext http)
    {
        var incoming = http.Request.Headers.TraceParent.ToString();
        if (incoming.Length > 0 && !ActivityContext.TryParse(incoming, null, out _))
        {
            // A malformed header is not passed on.
            http.Request.Headers.Remove("traceparent");
            incoming = "";
        }

        http.Response.Headers.TraceParent = incoming.Length > 0 ? incoming : None;
        if (http.Request.Headers.TraceState.ToString() is { Length: > 0 } state)
            http.Response.Headers.TraceState = state;
    }
}
