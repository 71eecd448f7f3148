using System.Text.RegularExpressions;

namespace Ticketing.Conformance;

/// <summary>
/// Volatile values are recorded as names such as <c>&lt;uuid-1&gt;</c>; the same name is the same value all through a
/// case. What was learned from one answer is sent with the next request.
/// </summary>
sealed partial class Placeholders
{
    readonly Dictionary<string, string> known = [];

    public void Set(string name, string value) => known[name] = value;

    /// <summary>The text with every name replaced; a uuid that was made up by who asked is made up here too.</summary>
    public string Fill(string recorded) => Name().Replace(recorded.Replace("$DIR", "<dir>", StringComparison.Ordinal), match =>
    {
        if (!known.ContainsKey(match.Value) && match.Value.StartsWith("<uuid-", StringComparison.Ordinal))
            known[match.Value] = Guid.NewGuid().ToString();
        return known.GetValueOrDefault(match.Value, match.Value);
    });

    /// <summary>Whether an actual text is what was recorded; names that are new take the value found.</summary>
    public bool Matches(string recorded, string actual)
    {
        if (!Name().IsMatch(recorded))
            return recorded == actual;
        var groups = new List<string>();
        var pattern = Regex.Replace(Regex.Escape(recorded), Regex.Escape("<") + @"(?<n>[a-z]+(-[a-z0-9\\-]+)?)" + Regex.Escape(">"), match =>
        {
            var name = $"<{match.Groups["n"].Value.Replace("\\", "", StringComparison.Ordinal)}>";
            if (known.TryGetValue(name, out var value))
                return Regex.Escape(value);
            groups.Add(name);
            return "(.+?)";
        });
        var found = Regex.Match(actual, $"^{pattern}$", RegexOptions.Singleline);
        if (!found.Success)
            return false;
        for (var i = 0; i < groups.Count; i++)
            // A moment is never the same twice.
            if (groups[i] != "<time>")
                known[groups[i]] = found.Groups[i + 1].Value;
        return true;
    }

    [GeneratedRegex("<[a-z]+(-[a-z0-9-]+)?>")]
    private static partial Regex Name();
}
