using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// Web asks the other services on behalf of browsers, through the sidecars. What it says of the browser (address,
/// scheme, user agent) is taken for the request's own: limits are the browser's and not everybody's together, and
/// cookies are named and marked for the scheme that the browser used.
/// </summary>
public static class BrowserFacts
{
    const string Address = "ticketing-client-address";
    const string Scheme = "ticketing-client-scheme", Agent = "ticketing-client-agent";
    const int AgentLengthMax = 256;

    /// <summary>Makes a request of web's that of the person at the browser: session, device and place.</summary>
    public static void Tell(HttpContext browser, HttpRequestMessage request)
    {
        var headers = request.Headers;
        if (BrowserCookies.VerifiedSession(browser) is { } session)
            headers.Authorization = new("Bearer", session);
        // Auth takes the scheme below for its own, so it looks for the device under the browser's own name.
        var name = BrowserCookies.DeviceName(browser.Request);
        if (BrowserCookies.Devices(browser.Request) is { Count: > 0 } devices)
            headers.Add("Cookie", string.Join("; ", devices.Select(device => $"{name}={device}")));
        if (browser.Connection.RemoteIpAddress is { } address)
            headers.Add(Address, address.ToString());
        headers.Add(Scheme, browser.Request.IsHttps ? "https" : "http");
        // Browsers may send anything here; HttpClient throws on a header that is not ASCII.
        var agent = string.Concat(browser.Request.Headers.UserAgent.ToString()
            .Where(c => c is >= ' ' and <= '~').Take(AgentLengthMax)).Trim();
        if (agent.Length > 0)
            headers.Add(Agent, agent);
    }

    internal static Task Take(HttpContext context, RequestDelegate next, AppToken token)
    {
        var headers = context.Request.Headers;
        if (headers[SidecarOnly.CallerHeader] != "web" || !token.IsShownBy(context.Request))
            return next(context);
        if (headers[Address] is [{ } text] && IPAddress.TryParse(text, out var address))
            context.Connection.RemoteIpAddress = address;
        if (headers[Scheme] is [("http" or "https") and var scheme])
            context.Request.Scheme = scheme;
        if (headers[Agent] is [{ } agent])
            headers.UserAgent = agent;
        return next(context);
    }
}
