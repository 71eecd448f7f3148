using System.Globalization;
using System.Text;

namespace Ticketing.Sidecar.Json;

/// <summary>Strings with half a surrogate pair in an escape: .NET refuses them, Go replaces the half.</summary>
static class LoneSurrogates
{
    public static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var source = Encoding.UTF8.GetString(escaped);
        var text = new StringBuilder(source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\') text.Append(source[i]);
            else if (source[++i] == 'u')
            {
                text.Append((char)int.Parse(source.AsSpan(i + 1, 4), NumberStyles.HexNumber,
                    CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(source[i] switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    var same => same
                });
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
