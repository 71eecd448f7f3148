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

    /// <remarks>The real daprd has nothing to explain.</remarks>
    public static IReadOnlyList<string> Explained(string name) => RealDaprd.Program is not null ? [] :
        [.. Differing.Where(row => Fits(row.Cases, name)).Select(row => row.Where)];

    public static IReadOnlyList<string> Unexplained(string name, IReadOnlyList<string> differences) =>
        [.. differences.Where(difference => !Explained(name).Any(where => IsAt(where, difference)))];

    public static bool IsAt(string where, string difference) =>
        difference.StartsWith($"{where.Replace(AtTimes, "", StringComparison.Ordinal)}: ", StringComparison.Ordinal);

    public static bool IsCertain(string where) => !where.EndsWith(AtTimes, StringComparison.Ordinal);

    public static bool Fits(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    /// <summary>The count as it must stand on the page.</summary>
    public static string Table()
    {
        var areas = Recording.All.GroupBy(recording => recording.Area).Select(Row);
        return string.Join('\n', areas.Prepend("| --- | --- | --- | --- |")
            .Prepend("| area | cases | the same | different |").Append(Row("all", Recording.All)));
    }

    public static bool HasTable(string table) => Text.Contains($"\n\n{table}\n\n", StringComparison.Ordinal);

    /// <summary>For the author of a change.</summary>
    public static void Write(string table) =>
        System.IO.File.WriteAllText(Repository.At(File), WholeTable().Replace(Text, table.Replace("$", "$$", StringComparison.Ordinal), 1));

    static string Row(IGrouping<string, Recording> area) => Row(area.Key, area);

    static string Row(string area, IEnumerable<Recording> recordings)
    {
        var all = recordings.Select(recording => recording.Name).ToList();
        var differing = all.Count(name => Explained(name).Count > 0);
        return $"| {area} | {all.Count} | {all.Count - differing} | {differing} |";
    }

    static MatchCollection Rows(string heading) => Row().Matches(Text.Split($"\n## {heading}\n")[1].Split("\n## ")[0]);

    [GeneratedRegex(@"^\| `([a-z0-9.*-]+)` \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| area \|.*\n(\|.*\n)*\|.*", RegexOptions.Multiline)]
    private static partial Regex WholeTable();
}
