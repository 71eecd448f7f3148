namespace Ticketing.Sidecar.Invocation;

/// <summary>An invocation without a response from the app; the message is daprd's, after <c>err:</c>.</summary>
sealed class InvocationException(string message, int status = 500, Exception? inner = null) : Exception(message, inner)
{
    public int Status => status;

    /// <summary>The app's sidecar could not be reached: retried without a policy.</summary>
    public bool IsUnavailable { get; private init; }

    /// <summary>The form of the error when the other app's sidecar returns it.</summary>
    public static InvocationException Remote(string code, string message, int status = 500, Exception? inner = null) =>
        new($"rpc error: code = {code} desc = {message}", status, inner);

    public static InvocationException Unavailable(string appId) =>
        new($"rpc error: code = Unavailable desc = the sidecar of {appId} has ended") { IsUnavailable = true };
}
