using System.Buffers;

namespace Ticketing.Common;

/// <summary>The characters allowed in a header or a request line that this process sends.</summary>
public static class HeaderText
{
    // RFC 9110, token.
    static readonly SearchValues<char> nameCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(nameCharacters);

    /// <summary>Printable ASCII and blanks. HTTP allows a tab too, but no header here needs one.</summary>
    public static bool IsValue(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>A path and query as in the request line.</summary>
    public static bool IsTarget(string target) => !target.AsSpan().ContainsAnyExceptInRange('!', '~');
}
