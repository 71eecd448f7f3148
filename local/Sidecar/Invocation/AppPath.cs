using System.Buffers;

namespace Ticketing.Sidecar.Invocation;

/// <summary>The path at the app. daprd unescapes what it was asked for and parses it anew, so that an escape within an
/// escape comes out at the app, and a lone per cent sign is an error.</summary>
static class AppPath
{
    /// <summary>Why a path for which <see cref="Escape"/> gives null is not sent.</summary>
    public const string Malformed = "invalid URL escape in the path";

    const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static readonly SearchValues<char> Plain = SearchValues.Create(Letters + "-_.~$&+,/:;=@");
    static readonly SearchValues<char> Allowed = SearchValues.Create(Letters + "-_.~$&+,/:;=@!'()*[]%");

    /// <summary>No doubled slashes, no dots, no slash at the end; "." for nothing.</summary>
    public static string Clean(string path)
    {
        if (path.Length > 0 && path[^1] != '/' && path[0] != '.' && !path.Contains("//", StringComparison.Ordinal)
            && !path.Contains("/.", StringComparison.Ordinal)) return path;
        var isRooted = path.StartsWith('/');
        var kept = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") kept.Add(part);
            else if (kept.Count > 0 && kept[^1] != "..") kept.RemoveAt(kept.Count - 1);
            else if (!isRooted) kept.Add(part);
        }

        var cleaned = (isRooted ? "/" : "") + string.Join('/', kept);
        return cleaned.Length == 0 ? "." : cleaned;
    }

    /// <param name="path">Unescaped, without a slash in front.</param>
    /// <returns>Null when a per cent sign in it begins no escape.</returns>
    public static string? Escape(string path)
    {
        if (path.AsSpan().IndexOfAnyExcept(Plain) < 0) return path;
        for (var i = path.IndexOf('%'); i >= 0; i = path.IndexOf('%', i + 3))
            if (!IsEscape(path, i)) return null;
        return path.AsSpan().IndexOfAnyExcept(Allowed) < 0 ? path : EscapeBytes(Uri.UnescapeDataString(path));
    }

    static bool IsEscape(string text, int at) =>
        at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]);

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
