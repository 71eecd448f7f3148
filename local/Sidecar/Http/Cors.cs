using Microsoft.Extensions.Primitives;

namespace Ticketing.Sidecar.Http;

/// <summary>Cross-origin answers, only where origins were configured; <c>*</c> is every origin.</summary>
sealed class Cors(string allowedOrigins)
{
    static readonly StringValues PreflightVary =
        new(["Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"]);

    readonly string[] _origins = allowedOrigins
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public bool IsOff => _origins.Length == 0;

    /// <summary>True when the request was a preflight and is answered.</summary>
    public bool Handle(HttpContext http)
    {
        var (request, response) = (http.Request.Headers, http.Response.Headers);
        var isPreflight = http.Request.Method == "OPTIONS" && request.AccessControlRequestMethod.Count > 0;
        response.Vary = isPreflight ? PreflightVary : "Origin";
        if (request.Origin is [{ Length: > 0 } origin] && Allows(origin))
        {
            response.AccessControlAllowOrigin = _origins is ["*"] ? "*" : origin;
            if (isPreflight)
            {
                response.AccessControlAllowMethods = request.AccessControlRequestMethod;
                if (request.AccessControlRequestHeaders.Count > 0)
                    response.AccessControlAllowHeaders = request.AccessControlRequestHeaders;
            }
        }

        if (isPreflight) http.Response.StatusCode = StatusCodes.Status200OK;
        return isPreflight;
    }

    bool Allows(string origin) => _origins is ["*"] || _origins.Contains(origin, StringComparer.OrdinalIgnoreCase);
}
