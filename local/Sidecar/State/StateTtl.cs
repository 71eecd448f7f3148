namespace Ticketing.Sidecar.State;

/// <summary><c>ttlInSeconds</c> as the SQL stores read it: -1 and 0 never expire, less is refused.</summary>
static class StateTtl
{
    const string Name = "ttlInSeconds";

    /// <summary>What is wrong with it, or null.</summary>
    public static string? Read(StateOperation operation, out int seconds)
    {
        seconds = 0;
        if (operation is not StateSet || !operation.Metadata.TryGetValue(Name, out var text) || text.Length == 0)
            return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return $"error parsing TTL: incorrect value for metadata '{Name}': not a whole number: \"{text}\"";
        if (number is < -1 or > int.MaxValue)
            return $"error parsing TTL: incorrect value for metadata '{Name}': must be -1 or greater";
        seconds = (int)number;
        return null;
    }
}
