using System.Net.Sockets;

namespace Ticketing.Sidecar.Invocation;

/// <summary>How calls to an app fail, in the words that Go's HTTP client and daprd have for it.</summary>
static class AppErrors
{
    public const string Unhealthy = "rpc error: code = Internal desc = app is not in a healthy state";

    public static string Describe(HttpRequestMessage request, HttpRequestException error)
    {
        var verb = request.Method.Method;
        return $"{verb[..1]}{verb[1..].ToLowerInvariant()} \"{request.RequestUri?.OriginalString}\": {Reason(request, error)}";
    }

    static string Reason(HttpRequestMessage request, HttpRequestException error) => Socket(error) switch
    {
        SocketError.ConnectionRefused => $"dial tcp {request.RequestUri?.Authority}: connect: connection refused",
        SocketError.ConnectionReset => "read: connection reset by peer",
        _ when error.HttpRequestError == HttpRequestError.ResponseEnded => "EOF",
        _ => error.Message,
    };

    static SocketError? Socket(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is SocketException socket) return socket.SocketErrorCode;
        return null;
    }
}
