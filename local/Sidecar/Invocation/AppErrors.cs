using System.Net.Sockets;
using Ticketing.Sidecar.Http;

namespace Ticketing.Sidecar.Invocation;

/// <summary>How calls to an app fail, in the words that Go's HTTP client and daprd have for it.</summary>
static class AppErrors
{
    public const string Unhealthy = "rpc error: code = Internal desc = app is not in a healthy state";

    public static string Describe(HttpRequestMessage request, HttpRequestException error) =>
        Describe(request, Reason(request, error));

    /// <summary>daprd sends as much as it allows and then finds that it promised more.</summary>
    public static string TooLong(HttpRequestMessage request, long length, long limit) => Describe(request,
        $"net/http: HTTP/1.x transport connection broken: http: ContentLength={length} with Body length {limit}");

    static string Describe(HttpRequestMessage request, string reason)
    {
        var verb = request.Method.Method[..1] + request.Method.Method[1..].ToLowerInvariant();
        return $"{verb} \"{request.RequestUri?.OriginalString}\": {reason}";
    }

    static string Reason(HttpRequestMessage request, HttpRequestException error) => Socket(error) switch
    {
        SocketError.ConnectionRefused => $"dial tcp {request.RequestUri?.Authority}: connect: connection refused",
        _ when error.InnerException is BodyTooLargeException tooLarge => tooLarge.Message,
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
