namespace Ticketing.Sidecar.PubSub;

static class MediaType
{
    /// <summary>Compares content types as Dapr does: case-insensitive, without parameters, ignoring suffixes.</summary>
    public static bool Is(string contentType, string expected)
    {
        var type = contentType.AsSpan();
        if (type.IndexOf(';') is >= 0 and var end) type = type[..end];
        return type.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
