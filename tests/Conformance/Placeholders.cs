using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Ticketing.Conformance;

/// <summary>
/// Volatile values are recorded as names such as <c>&lt;uuid-1&gt;</c>; the same name is the same value all through a
/// case. What was learned from one answer is sent with the next request.
/// </summary>
sealed partial class Placeholders
{
    /// <summary>Text of the recorder's own that looks like a name.</summary>
    static readonly HashSet<string> Literal = ["<x>", "<a>", "<b>", "<input>", "<nil>"];

    Dictionary<string, string> known = [];

    public void Set(string name, string value) => known[name] = value;

    /// <summary>The text with every name replaced; an id that was made up by who asked is made up here too.</summary>
    public string Fill(string recorded) => Name().Replace(recorded.Replace("$DIR", "<dir>", StringComparison.Ordinal), match =>
    {
        if (!known.ContainsKey(match.Value) && MadeUp(match.Value) is { } id) known[match.Value] = id;
        return known.GetValueOrDefault(match.Value, match.Value);
    });

    static string? MadeUp(string name) => name.Split('-')[0] switch
    {
        "<uuid" => Guid.NewGuid().ToString(),
        "<trace" => Guid.NewGuid().ToString("n"),
        "<span" => Guid.NewGuid().ToString("n")[16..],
        _ => null,
    };

    /// <summary>Whether an actual text is what was recorded; names that are new take the value found.</summary>
    public bool Matches(string recorded, string actual)
    {
        if (!Name().IsMatch(recorded)) return recorded == actual;
        var unknown = new Dictionary<string, string>();
        var found = Regex.Match(actual, $"^{Pattern(recorded, unknown)}$", RegexOptions.Singleline);
        if (!found.Success) return false;
        foreach (var (name, group) in unknown) known[name] = found.Groups[group].Value;
        return true;
    }

    /// <summary>As <see cref="Matches"/>; of a header that came several times, the recorder kept the last.</summary>
    public bool MatchesHeader(string recorded, string actual) =>
        Matches(recorded, actual) || (actual.Contains(", ", StringComparison.Ordinal) && Matches(recorded, actual.Split(", ")[^1]));

    /// <summary>As <see cref="Matches"/>, over several texts: learns from all of them or from none.</summary>
    public bool Try(Func<bool> matches)
    {
        var before = new Dictionary<string, string>(known);
        if (matches()) return true;
        known = before;
        return false;
    }

    string Pattern(string recorded, Dictionary<string, string> unknown)
    {
        var (pattern, end) = (new StringBuilder(), 0);
        foreach (Match match in Name().Matches(recorded))
        {
            pattern.Append(Regex.Escape(recorded[end..match.Index])).Append(One(match.Value, unknown));
            end = match.Index + match.Length;
        }

        return pattern.Append(Regex.Escape(recorded[end..])).ToString();
    }

    string One(string name, Dictionary<string, string> unknown)
    {
        if (Literal.Contains(name)) return Regex.Escape(name);
        // A moment is never the same twice.
        if (name == "<time>") return "[0-9TZ:.+-]+";
        if (known.TryGetValue(name, out var value)) return Regex.Escape(value);
        if (unknown.TryGetValue(name, out var group)) return $@"\k<{group}>";
        unknown[name] = group = string.Create(CultureInfo.InvariantCulture, $"g{unknown.Count}");
        return $"(?<{group}>.+?)";
    }

    [GeneratedRegex("<[a-z]+(-[a-z0-9-]+)?>")]
    private static partial Regex Name();
}
