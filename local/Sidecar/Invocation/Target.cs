namespace Ticketing.Sidecar.Invocation;

/// <summary>Whom a request is for, in the three ways that Dapr lets a caller say it.</summary>
/// <param name="AppId">As given, perhaps with a namespace: <c>orders.default</c>.</param>
/// <param name="Method">The path at the app, unescaped and cleaned, without a slash in front.</param>
readonly record struct Target(string AppId, string Method)
{
    const string AppIdHeader = "dapr-app-id";
    const string Prefix = "/v1.0/invoke/", Separator = "/method/", Basic = "Basic ";

    /// <summary>By header, then by Basic authorization, then by path. Null when it says nothing.</summary>
    /// <param name="rawTarget">The request line's target; a header that names the app is taken off the request.</param>
    public static Target? Of(string rawTarget, IHeaderDictionary headers)
    {
        var query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        var escaped = query < 0 ? rawTarget : rawTarget[..query];
        var path = escaped.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(escaped) : escaped;
        if (headers.Remove(AppIdHeader, out var named) && named.ToString() is { Length: > 0 } byHeader)
            return new(byHeader, AppPath.Clean(path).TrimStart('/'));
        return ByAuthorization(headers.Authorization.ToString()) is { } byUser
            ? new(byUser, AppPath.Clean(path).TrimStart('/'))
            : ByPath(path);
    }

    static Target? ByPath(string path)
    {
        // Only in front may slashes be doubled: the .NET SDK's base address ends with one.
        var start = path.StartsWith("//", StringComparison.Ordinal) ? path.TrimStart('/').Insert(0, "/") : path;
        if (!start.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var separator = start.IndexOf(Separator, Prefix.Length, StringComparison.Ordinal);
        if (separator <= Prefix.Length) return null;
        var method = AppPath.Clean(start[(separator + Separator.Length)..]);
        while (method.StartsWith("../", StringComparison.Ordinal)) method = method[3..];
        return new(start[Prefix.Length..separator], method is "." or ".." ? "" : method.TrimStart('/'));
    }

    static string? ByAuthorization(string authorization)
    {
        if (!authorization.StartsWith(Basic, StringComparison.Ordinal)) return null;
        Span<byte> octets = stackalloc byte[256];
        if (!Convert.TryFromBase64Chars(authorization.AsSpan(Basic.Length), octets, out var length)) return null;
        return Encoding.UTF8.GetString(octets[..length]).Split(':') is [var user, var password]
            && user.Equals(AppIdHeader, StringComparison.OrdinalIgnoreCase) ? password : null;
    }
}
