using System.Buffers;
using System.Text;

namespace Ticketing.Sidecar.Http;

/// <summary>Request paths as Go sees them: cleaned before routing, parameters query-unescaped after it.</summary>
static class RequestPath
{
    static readonly SearchValues<char> Escapes = SearchValues.Create("%+");

    /// <summary>The path of a raw request target, with <c>//</c>, <c>.</c>, <c>..</c> and a last slash removed.</summary>
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

    /// <summary>Go's QueryUnescape: plus is a space. False, with Go's words, for an escape that is none.</summary>
    public static bool TryUnescape(string text, out string result, out string error)
    {
        (result, error) = (text, "");
        if (text.AsSpan().IndexOfAny(Escapes) < 0) return true;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                {
                    error = $"invalid URL escape \"{text.AsSpan(i, Math.Min(3, text.Length - i))}\"";
                    return false;
                }

                bytes[length++] = (byte)((HexValue(text[i + 1]) << 4) | HexValue(text[i + 2]));
                i += 2;
            }
            else
            {
                length += text[i] == '+' ? Space(bytes, length) : Encoding.UTF8.GetBytes(text.AsSpan(i, 1), bytes.AsSpan(length));
            }
        }

        result = Encoding.UTF8.GetString(bytes, 0, length);
        return true;
    }

    static int Space(byte[] bytes, int at)
    {
        bytes[at] = (byte)' ';
        return 1;
    }

    static int HexValue(char digit) => digit switch
    {
        <= '9' => digit - '0',
        _ => (digit | 0x20) - 'a' + 10,
    };
}
