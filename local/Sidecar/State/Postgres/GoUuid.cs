namespace Ticketing.Sidecar.State.Postgres;

/// <summary>
/// Uuids as Go's most used parser takes them: bare, of 32 digits, as a URN, or between any two characters.
/// </summary>
static class GoUuid
{
    /// <summary>What is wrong with the text, or null.</summary>
    public static string? Parse(string text, out Guid uuid)
    {
        uuid = default;
        var digits = text.AsSpan();
        switch (text.Length)
        {
            case 36: break;
            case 32: return Guid.TryParseExact(text, "N", out uuid) ? null : "invalid UUID format";
            case 38: digits = digits[1..^1]; break;
            case 45 when text.StartsWith("urn:uuid:",
                StringComparison.OrdinalIgnoreCase):
                digits = digits["urn:uuid:".Length..]; break;
            case 45: return $"invalid urn prefix: \"{text[..9]}\"";
            default: return $"invalid UUID length: {System.Text.Encoding.UTF8.GetByteCount(text)}";
        }

        return Guid.TryParseExact(digits, "D", out uuid) ? null : "invalid UUID format";
    }
}
