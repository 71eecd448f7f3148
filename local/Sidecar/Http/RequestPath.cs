using System.Buffers;
using System.Net;

namespace Ticketing.Sidecar.Http;

/// <summary>Parses and escapes the paths of requests.</summary>
static class RequestPath
{
    /// <summary>The error for a path for which <see cref="Escape"/> returns null.</summary>
    public const string Malformed = "invalid URL escape in the path";

    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static readonly SearchValues<char> Plain = SearchValues.Create(Letters + "-_.~$&+,/:;=@");
    static readonly SearchValues<char> Allowed = SearchValues.Create(Letters + "-_.~$&+,/:;=@!'()*[]%");

    /// <summary>The path of a request line's target, without its query.</summary>
    public static string Of(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query) path = path[..query];
        // A target in absolute form begins with scheme and host.
        if (path.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            path = path[7..].IndexOf('/') is >= 0 and var slash ? path[(7 + slash)..] : "/";
        return path.Length == target.Length ? target : path.ToString();
    }

    /// <summary>With a slash in front and none at the end; <c>//</c>, <c>.</c> and <c>..</c> removed.</summary>
    public static string Clean(string path)
    {
        if (path is ['/', .., not '/'] && !path.Contains("//", StringComparison.Ordinal)
            && !path.Contains("/.", StringComparison.Ordinal)) return path;
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") kept.Add(segment);
            else if (kept.Count > 0) kept.RemoveAt(kept.Count - 1);
        }

        return "/" + string.Join('/', kept);
    }

    /// <summary>Every percent sign is followed by two hexadecimal digits, the only check of daprd's web
    /// server.</summary>
    public static bool IsEscapedWell(ReadOnlySpan<char> path)
    {
        while (path.IndexOf('%') is >= 0 and var at)
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2]))
                return false;
            path = path[(at + 3)..];
        }

        return true;
    }

    /// <summary>For valid escapes only; a plus is a space.</summary>
    public static string Unescape(string text) => WebUtility.UrlDecode(text);

    /// <summary>A path for the app. daprd unescapes the requested path and parses the result: double escapes are
    /// unescaped twice, and a single percent sign is an error.</summary>
    /// <param name="path">Unescaped, without a slash in front.</param>
    /// <returns>Null if a percent sign does not begin an escape.</returns>
    public static string? Escape(string path)
    {
        if (path.AsSpan().IndexOfAnyExcept(Plain) < 0) return path;
        if (!IsEscapedWell(path)) return null;
        return path.AsSpan().IndexOfAnyExcept(Allowed) < 0 ? path : EscapeBytes(Uri.UnescapeDataString(path));
    }

    static string EscapeBytes(string path)
    {
        var escaped = new StringBuilder(path.Length + 16);
        foreach (var octet in Encoding.UTF8.GetBytes(path))
        {
            if (octet < 0x80 && Plain.Contains((char)octet)) escaped.Append((char)octet);
            else escaped.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return escaped.ToString();
    }
}
