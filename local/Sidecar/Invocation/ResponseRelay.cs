using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Invocation;

/// <summary>Streams the app's response to the caller.</summary>
static class ResponseRelay
{
    public static async Task CopyAsync(HttpResponseMessage response, HttpContext http, ILogger log)
    {
        CopyHead(response, http.Response);
        try
        {
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The status has already been sent: abort the connection to report the error.
            Log.BrokeOff(log, http.Request.Path, e.Message);
            http.Abort();
        }
    }

    static void CopyHead(HttpResponseMessage response, HttpResponse answer)
    {
        answer.StatusCode = (int)response.StatusCode;
        Copy(response.Headers.NonValidated, answer.Headers);
        Copy(response.Content.Headers.NonValidated, answer.Headers);
        if (ForwardedHeaders.ContentType(response.Content) is { } type) answer.ContentType = type;
        if (CanHaveBody(answer.StatusCode)) answer.ContentLength = response.Content.Headers.ContentLength;
    }

    static void Copy(System.Net.Http.Headers.HttpHeadersNonValidated from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from)
        {
            if (!ForwardedHeaders.Passes(name) || IsTrace(name) && to.ContainsKey(name)) continue;
            to[name] = values.Count == 1 ? values.ToString() : new StringValues([.. values]);
        }
    }

    // The sidecar has already set the trace headers.
    static bool IsTrace(string name) => name.StartsWith("trace", StringComparison.OrdinalIgnoreCase);

    static bool CanHaveBody(int status) => status is >= 200 and not (204 or 205 or 304);
}
