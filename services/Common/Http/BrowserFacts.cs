using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// Web calls the other services for browsers, through the sidecars. Its requests carry the browser's address, scheme
/// and user agent, which replace web's own: so limits apply per browser, and cookies get the names and flags of the
/// scheme that the browser used.
/// </summary>
public static class BrowserFacts
{
    const string Address = "ticketing-client-address";
    const string Scheme = "ticketing-client-scheme", Agent = "ticketing-client-agent";
    const int AgentLengthMax = 256;

    /// <summary>Adds the browser's session, device cookies, address, scheme and user agent to a request.</summary>
    public static void AddTo(HttpContext browser, HttpRequestMessage request)
    {
        var headers = request.Headers;
        if (BrowserCookies.VerifiedSession(browser) is { } session)
            headers.Authorization = new("Bearer", session);
        // Auth takes over the scheme sent below, so it looks for the device cookie under that scheme's name.
        var name = BrowserCookies.DeviceName(browser.Request);
        if (BrowserCookies.Devices(browser.Request) is { Count: > 0 } devices)
            headers.Add("Cookie", string.Join("; ", devices.Select(device => $"{name}={device}")));
        if (browser.Connection.RemoteIpAddress is { } address)
            headers.Add(Address, address.ToString());
        headers.Add(Scheme, browser.Request.IsHttps ? "https" : "http");
        // User agents may hold anything; HttpClient throws on a header that is not ASCII.
        var agent = string.Concat(browser.Request.Headers.UserAgent.ToString()
            .Where(c => c is >= ' ' and <= '~').Take(AgentLengthMax)).Trim();
        if (agent.Length > 0)
            headers.Add(Agent, agent);
    }

    internal static Task Apply(HttpContext context, RequestDelegate next, AppToken token)
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
