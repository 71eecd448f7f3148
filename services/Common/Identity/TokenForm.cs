namespace Ticketing.Common;

/// <summary>The form of a signed token (JWS compact): three parts of base64url with dots between them.</summary>
public static class TokenForm
{
    const int PartsCount = 3;

    /// <summary>
    /// True when the text can be copied into a header unchanged: it has only letters, digits, <c>-</c>, <c>_</c> and
    /// dots, and at most <see cref="SessionToken.BytesMax"/> characters. Its signature is not checked.
    /// </summary>
    public static bool IsToken(ReadOnlySpan<char> text)
    {
        if (text.Length > SessionToken.BytesMax)
            return false;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            if (++parts > PartsCount || text[range].IsEmpty || !text[range].ContainsOnlyBase64Url())
                return false;
        }
        return parts == PartsCount;
    }

    static bool ContainsOnlyBase64Url(this ReadOnlySpan<char> part)
    {
        foreach (var c in part)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        }
        return true;
    }
}
