using System.Text;

namespace Ticketing.Web;

/// <summary>
/// Where the browser goes after the sign-in: a path of this site, never another site. Browsers read <c>//a</c> and
/// <c>/\a</c> as other sites, and remove tabs and line breaks first, so that <c>/⇥/a</c> is one as well.
/// </summary>
/// <param name="Value">The path and query as given; may contain characters outside ASCII.</param>
public readonly record struct ReturnPath(string Value)
{
    const int LengthMax = 2_000;

    public static readonly ReturnPath Home = new("/");

    /// <returns><see cref="Home"/> if the text is not a path of this site.</returns>
    public static ReturnPath Of(string? text) =>
        text is ['/', ..] and not ['/', '/', ..] && text.Length <= LengthMax
            && !text.Any(c => char.IsControl(c) || c == '\\') ? new(text) : Home;

    /// <summary>
    /// For a header: all but printable ASCII is percent-encoded as UTF-8; existing percent signs stay.
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
