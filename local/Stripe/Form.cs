using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ticketing.StripeServer;

/// <summary>
/// The parameters of a call, flat as they were sent (<c>metadata[orderId]</c>, <c>expand[0]</c>).
/// Reading never throws: the first wrong parameter is reported in <see cref="Error"/>.
/// </summary>
sealed class Form(IReadOnlyDictionary<string, string> fields)
{
    const int TextMax = 5000, MapMax = 50, MapKeyMax = 40, MapValueMax = 500, ListMax = 20;

    public Error? Error { get; private set; }

    public string? Text(string name)
    {
        var text = fields.GetValueOrDefault(name);
        if (text is { Length: > TextMax }) Wrong($"Invalid string: {name} is too long.", null, name);
        return text is "" ? null : text;
    }

    public string Required(string name)
    {
        if (Text(name) is { } text) return text;
        Wrong($"Missing required param: {name}.", "parameter_missing", name);
        return "";
    }

    public long? Integer(string name, long max)
    {
        if (Text(name) is not { } text) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            Wrong($"Invalid integer: {text}", "parameter_invalid_integer", name);
        else if (number < 1)
            Wrong("This value must be greater than or equal to 1.", "parameter_invalid_integer", name);
        else if (number > max)
            Wrong($"Amount must be no more than {max}.", "amount_too_large", name);
        return number;
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false")) Wrong($"Invalid boolean: {text}", null, name);
        return text is "true";
    }

    public string? Choice(string name, params ReadOnlySpan<string> allowed)
    {
        var text = Text(name);
        if (text is not null && !allowed.Contains(text))
            Wrong($"Invalid {name}: must be one of {string.Join(", ", allowed.ToArray())}", null, name);
        return text;
    }

    public IReadOnlyDictionary<string, string> Map(string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in fields)
        {
            if (!key.StartsWith(name + "[", StringComparison.Ordinal) || !key.EndsWith(']')) continue;
            map[key[(name.Length + 1)..^1]] = value;
        }

        if (map.Count > MapMax
            || map.Any(pair => pair.Key.Length is 0 or > MapKeyMax || pair.Value.Length > MapValueMax))
            Wrong($"{name}: at most {MapMax} keys of {MapKeyMax} characters with values of {MapValueMax}.", null, name);
        return map;
    }

    public IReadOnlyList<string> List(string name)
    {
        var items = fields.Where(field => field.Key.StartsWith(name + "[", StringComparison.Ordinal))
            .Select(field => field.Value).ToArray();
        if (items.Length > ListMax) Wrong($"{name}: at most {ListMax}.", null, name);
        return items;
    }

    /// <summary>
    /// Equal for two calls with the same parameters; a repeat of an idempotency key is checked by it.
    /// </summary>
    public string Fingerprint()
    {
        var canonical = new StringBuilder();
        foreach (var (key, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            canonical.Append(CultureInfo.InvariantCulture, $"{key.Length}:{key}={value.Length}:{value};");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
    }

    void Wrong(string message, string? code, string param) => Error ??= Error.Invalid(message, code, param);
}
