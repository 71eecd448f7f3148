using System.Net;
using Microsoft.AspNetCore.Http;

namespace Ticketing.Common;

/// <summary>
/// Web asks the other services on behalf of browsers, through the sidecars: what it says is the browser's address is
/// taken for it, so that limits per address are the browser's and not everybody's together.
/// </summary>
public static class ClientAddress
{
    public const string Header = "ticketing-client-address";

    internal static Task Take(HttpContext context, RequestDelegate next, AppToken token)
    {
        var headers = context.Request.Headers;
        if (headers[Header] is [{ } text] && headers[SidecarOnly.CallerHeader] == "web"
            && token.IsShownBy(context.Request)
            && IPAddress.TryParse(text, out var address))
            context.Connection.RemoteIpAddress = address;
        return next(context);
    }
}
