using System.Net;

namespace Ticketing.Sidecar.Http;

/// <summary>Request paths: cleaned before routing, their parameters unescaped after it.</summary>
static class RequestPath
{
    /// <summary>The path of a raw request target, with <c>//</c>, <c>.</c>, <c>..</c> and a last slash
    /// removed.</summary>
    public static string Clean(string target)
    {
        var path = Path(target);
        if (IsClean(path)) return path.Length == target.Length ? target : path.ToString();
        var kept = new List<string>();
        foreach (var segment in path.ToString().Split('/'))
        {
            if (segment is "" or ".") continue;
            if (segment != "..") kept.Add(segment);
            else if (kept.Count > 0) kept.RemoveAt(kept.Count - 1);
        }

        return "/" + string.Join('/', kept);
    }

    static ReadOnlySpan<char> Path(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is >= 0 and var query) path = path[..query];
        // A proxy-style target names the host first.
        if (path.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            path = path[7..].IndexOf('/') is >= 0 and var slash ? path[(7 + slash)..] : "/";
        return path;
    }

    static bool IsClean(ReadOnlySpan<char> path) =>
        path is ['/', ..] && (path.Length == 1 || path[^1] != '/') && path.IndexOf("//") < 0 && path.IndexOf("/.") < 0;

    /// <summary>Every per cent sign is followed by two hexadecimal digits; daprd's web server looks at nothing
    /// else.</summary>
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

    /// <summary>Of what is escaped well: a plus is a space.</summary>
    public static string Unescape(string text) => WebUtility.UrlDecode(text);
}
