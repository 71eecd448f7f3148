using System.Text.RegularExpressions;

namespace Ticketing.Sidecar.Resources;

/// <summary><c>$VAR</c> and <c>${VAR}</c> replaced by their values: an unknown one becomes nothing.</summary>
static partial class EnvironmentText
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> environment) =>
        Reference().Replace(text, match => environment.GetValueOrDefault(match.Groups["name"].Value, ""));

    [GeneratedRegex(@"\$(?:\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))")]
    private static partial Regex Reference();
}
