namespace Ticketing.Sidecar.Invocation;

/// <summary>An invocation that got no answer from the app; the message is what daprd says behind <c>err:</c>.</summary>
sealed class InvocationException(string message, int status = 500, Exception? inner = null) : Exception(message, inner)
{
    public int Status => status;

    /// <summary>The way to the app's sidecar failed, not the app: worth another attempt without any policy.</summary>
    public bool IsUnavailable { get; private init; }

    /// <summary>As it sounds when it comes from the other app's sidecar.</summary>
    public static InvocationException Remote(string code, string message, int status = 500, Exception? inner = null) =>
        new($"rpc error: code = {code} desc = {message}", status, inner);

    public static InvocationException Unavailable(string appId) =>
        new($"rpc error: code = Unavailable desc = the sidecar of {appId} has ended") { IsUnavailable = true };
}
