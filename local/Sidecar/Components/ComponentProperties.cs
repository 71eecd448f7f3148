namespace Ticketing.Sidecar.Components;

/// <summary>A component's resolved metadata, read by type; names ignore letter case.</summary>
public sealed class ComponentProperties(IEnumerable<KeyValuePair<string, string>> values)
{
    readonly Dictionary<string, string> _values = Fold(values);

    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The value of the first name that exists, else null.</summary>
    public string? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (_values.TryGetValue(name, out var value)) return value;
        return null;
    }

    public string Text(string name, string otherwise) => Find(name) is { Length: > 0 } value ? value : otherwise;

    public bool Flag(string name, bool otherwise = false) =>
        Find(name) is { Length: > 0 } value ? IsTruthy(value) : otherwise;

    /// <exception cref="MetadataException">The value is not a whole number.</exception>
    public int Number(string name, int otherwise) => Find(name) switch
    {
        null or "" => otherwise,
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
            number,
        var text => throw new MetadataException(name, $"is not a whole number: \"{text}\""),
    };

    /// <param name="bareUnit">What a number without a unit counts in: seconds, but milliseconds for Redis.</param>
    /// <exception cref="MetadataException">The value is not a duration.</exception>
    public TimeSpan Duration(string name, TimeSpan otherwise, TimeSpan bareUnit) => Find(name) switch
    {
        null or "" => otherwise,
        var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) =>
            bareUnit * count,
        var text when DaprDuration.TryParse(text, out var duration) => duration,
        var text => throw new MetadataException(name, $"is not a duration: \"{text}\""),
    };

    /// <summary>The values that daprd reads as true, in components, requests and responses.</summary>
    public static bool IsTruthy(string? text) =>
        text?.Trim().ToUpperInvariant() is "Y" or "YES" or "TRUE" or "T" or "ON" or "1";

    static Dictionary<string, string> Fold(IEnumerable<KeyValuePair<string, string>> values)
    {
        var folded = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values) folded[name] = value;
        return folded;
    }
}
