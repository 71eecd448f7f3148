namespace Ticketing.Sidecar.Invocation;

/// <summary>Which app a request is for, and with what path.</summary>
/// <param name="AppId">As given, perhaps with a namespace: <c>orders.default</c>.</param>
/// <param name="Method">The path at the app, unescaped and cleaned, without a slash in front.</param>
readonly record struct Target(string AppId, string Method)
{
    const string AppIdHeader = "dapr-app-id";
    const string Prefix = "/v1.0/invoke/", Separator = "/method/";

    /// <summary>By header, else by path. Null when neither names an app.</summary>
    /// <param name="rawTarget">The request line's target; the header that names the app is removed from the
    /// request.</param>
    public static Target? Of(string rawTarget, IHeaderDictionary headers)
    {
        var escaped = RequestPath.Of(rawTarget);
        var path = escaped.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(escaped) : escaped;
        return headers.Remove(AppIdHeader, out var named) && named.ToString() is { Length: > 0 } appId
            ? new(appId, MethodOf(path))
            : ByPath(path);
    }

    /// <summary>Cleaned, without a slash in front.</summary>
    public static string MethodOf(string path) => RequestPath.Clean(path).TrimStart('/');

    static Target? ByPath(string path)
    {
        // Double slashes only at the front: the .NET SDK's base address ends with one.
        var start = path.StartsWith("//", StringComparison.Ordinal) ? path.TrimStart('/').Insert(0, "/") : path;
        if (!start.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var separator = start.IndexOf(Separator, Prefix.Length, StringComparison.Ordinal);
        return separator <= Prefix.Length
            ? null
            : new(start[Prefix.Length..separator], MethodOf(start[(separator + Separator.Length)..]));
    }
}
