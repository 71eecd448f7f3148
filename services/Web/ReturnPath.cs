using System.Text;

namespace Ticketing.Web;

/// <summary>
/// Where a person is sent back to after signing in: a path of this site, never another one. To a browser <c>//a</c> and
/// <c>/\a</c> are other sites, and it drops tabs and line breaks before it looks, so that <c>/⇥/a</c> is one as well.
/// </summary>
/// <param name="Value">A path with its query, as it was given; not yet ASCII.</param>
public readonly record struct ReturnPath(string Value)
{
    const int LengthMax = 2_000;

    public static readonly ReturnPath Home = new("/");

    /// <returns><see cref="Home"/> if the text is anything but a path of this site.</returns>
    public static ReturnPath Of(string? text) =>
        text is ['/', ..] and not ['/', '/', ..] && text.Length <= LengthMax
            && !text.Any(c => char.IsControl(c) || c == '\\') ? new(text) : Home;

    /// <summary>
    /// As a header has it: what is not printable ASCII is percent-encoded as UTF-8, percent signs are left alone.
    /// </summary>
    public static string ToAscii(string path)
    {
        if (!path.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return path;
        var ascii = new StringBuilder(path.Length + 16);
        foreach (var part in Encoding.UTF8.GetBytes(path))
        {
            if (part is >= (byte)'!' and <= (byte)'~')
                ascii.Append((char)part);
            else
                ascii.Append('%').Append(part.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }
        return ascii.ToString();
    }

    public override string ToString() => Value;
}
