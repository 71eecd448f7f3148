using System.IO.Enumeration;
using System.Text.RegularExpressions;
using Ticketing.Testing;

namespace Ticketing.Conformance;

/// <summary><c>docs/sidecar-differences.md</c>: which cases differ, and why; and the count.</summary>
static partial class DifferencesPage
{
    const string AtTimes = ", at times";
    const string File = "docs/sidecar-differences.md";

    static readonly string Text = System.IO.File.ReadAllText(Repository.At(File));

    /// <summary>
    /// Names of cases, or patterns of them, and where they differ, as is known and explained; <c>at times</c> where what
    /// daprd does is left to chance.
    /// </summary>
    public static IReadOnlyList<(string Cases, string Where)> Differing { get; } =
        [.. Rows("Different").Select(row => (row.Groups[1].Value, row.Groups[2].Value))];

    public static IReadOnlyList<string> Explained(string name) =>
        [.. Differing.Where(row => Fits(row.Cases, name)).Select(row => row.Where)];

    public static IReadOnlyList<string> Unexplained(string name, IReadOnlyList<string> differences) =>
        [.. differences.Where(difference => !Explained(name).Any(where => IsAt(where, difference)))];

    public static bool IsAt(string where, string difference) =>
        difference.StartsWith($"{where.Replace(AtTimes, "", StringComparison.Ordinal)}: ", StringComparison.Ordinal);

    public static bool IsCertain(string where) => !where.EndsWith(AtTimes, StringComparison.Ordinal);

    public static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>The two tables that follow from code: they must stand on the page like this.</summary>
    public static IReadOnlyList<string> Tables { get; } = [CountTable(), LeftOutTable()];

    public static bool Has(string table) => Text.Contains($"\n\n{table}\n", StringComparison.Ordinal);

    /// <summary>For the author of a change.</summary>
    public static void Write() => System.IO.File.WriteAllText(Repository.At(File), Tables.Aggregate(Text, (text, table) =>
        Regex.Replace(text, $@"^{Regex.Escape(table.Split('\n')[0])}\n(\|.*\n)+", table.Replace("$", "$$", StringComparison.Ordinal) + "\n",
            RegexOptions.Multiline)));

    static string CountTable() => string.Join('\n', Recording.All.GroupBy(recording => recording.Area)
        .Select(area => Row(area.Key, area)).Prepend("| --- | --- | --- | --- | --- |")
        .Prepend("| area | cases | the same | different | left out |").Append(Row("all", Recording.All)));

    static string LeftOutTable() => string.Join('\n', LeftOut.Features
        .Select(row => $"| `{row.Cases}` | {row.Feature} |").Prepend("| --- | --- |").Prepend("| cases | feature left out |"));

    static string Row(string area, IEnumerable<Recording> recordings)
    {
        var all = recordings.Select(recording => recording.Name).ToList();
        var leftOut = all.Count(LeftOut.Has);
        var differing = all.Count(name => !LeftOut.Has(name) && Explained(name).Count > 0);
        return $"| {area} | {all.Count} | {all.Count - differing - leftOut} | {differing} | {leftOut} |";
    }

    static MatchCollection Rows(string heading) => Row().Matches(Text.Split($"\n## {heading}\n")[1].Split("\n## ")[0]);

    [GeneratedRegex(@"^\| `([a-z0-9.*-]+)` \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
