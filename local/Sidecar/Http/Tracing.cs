using System.Diagnostics;

namespace Ticketing.Sidecar.Http;

/// <summary>Trace headers, passed on unchanged, as in daprd without a tracing configuration.</summary>
static class Tracing
{
    /// <summary>Sent by daprd when there is no span.</summary>
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
