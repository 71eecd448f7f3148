namespace Ticketing.Sidecar.Rpc;

/// <summary>Checks the API token of gRPC calls, which is in their metadata.</summary>
static class RpcToken
{
    const string Header = "dapr-api-token", Unauthenticated = "16";

    public static Task CheckAsync(HttpContext http, string token, RequestDelegate next)
    {
        if (http.Request.Headers[Header] == token) return next(http);
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = Unauthenticated;
        http.Response.Headers["grpc-message"] = "Unauthorized";
        return Task.CompletedTask;
    }
}
