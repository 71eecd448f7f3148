namespace Ticketing.Sidecar.PubSub;

static class MediaType
{
    /// <summary>As Dapr compares content types: in any letter case, parameters left out, suffixes not
    /// understood.</summary>
    public static bool Is(string contentType, string expected)
    {
        var type = contentType.AsSpan();
        if (type.IndexOf(';') is >= 0 and var end) type = type[..end];
        return type.Equals(expected, StringComparison.OrdinalIgnoreCase);
    }
}
