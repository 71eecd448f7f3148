namespace Ticketing.Contracts;

/// <summary>Lower-case base 32 without padding (RFC 4648 alphabet), for ids.</summary>
static class Base32
{
    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static bool IsPlain(char c) => c is >= 'a' and <= 'z' or >= '0' and <= '9';

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0, bits = 0, at = 0;
        foreach (var b in bytes)
        {
            buffer = (buffer << 8) | b;
            for (bits += 8; bits >= 5; bits -= 5)
                text[at++] = Alphabet[(buffer >> (bits - 5)) & 31];
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0)
            text[at] = Alphabet[(buffer << (5 - bits)) & 31];
        return new(text);
    }
}
