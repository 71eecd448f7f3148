using System.Text.RegularExpressions;
using static Ticketing.Testing.Repository;

namespace Ticketing.House.Tests;

/// <summary>The Markdown pages: links have a target, and pages are short.</summary>
public partial class PaperTests
{
    const int ReadmeLinesMax = 100, DecisionLinesMax = 40, LineLengthMax = 120, PictureBytesMax = 150_000;

    static IReadOnlyList<string> Pages { get; } = Tracked("*.md");

    [Fact]
    public void Every_link_leads_to_a_file_or_heading_that_exists() => AssertNone(Pages.SelectMany(page =>
        Link().Matches(File.ReadAllText(At(page)))
            .Select(link => (Path: link.Groups["path"].Value, Anchor: link.Groups["anchor"].Value))
            .Where(link =>
                !link.Path.Contains("://", StringComparison.Ordinal) && !Exists(page, link.Path, link.Anchor))
            .Select(link => $"{page}: {link.Path}{link.Anchor}")));

    [Fact]
    public void The_readme_is_two_screens_long() => AssertNone(TooLong("README.md", ReadmeLinesMax));

    [Fact]
    public void A_decision_is_one_screen_long() => AssertNone(
        Pages.Where(page => page.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .SelectMany(page => TooLong(page, DecisionLinesMax)));

    [Fact]
    public void The_index_names_every_page_of_the_docs()
    {
        var index = File.ReadAllText(At("docs/README.md"));
        AssertNone(Pages.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md")
            .Where(page => !index.Contains($"({page["docs/".Length..]})", StringComparison.Ordinal)));
    }

    [Fact]
    public void Pictures_load_fast() => AssertNone(Tracked("docs/pictures/*")
        .Where(picture => new FileInfo(At(picture)).Length >= PictureBytesMax));

    static IEnumerable<string> TooLong(string page, int linesMax)
    {
        var lines = File.ReadAllLines(At(page));
        if (lines.Length > linesMax) yield return $"{page}: {lines.Length} lines";
        foreach (var (i, line) in lines.Index())
            if (line.Length > LineLengthMax && !line.StartsWith('|'))
                yield return $"{page}:{i + 1} is {line.Length} long";
    }

    static bool Exists(string page, string path, string anchor)
    {
        var target = path.Length == 0
            ? At(page)
            : Path.GetFullPath(path, Path.GetDirectoryName(At(page))!);
        return Directory.Exists(target)
            || File.Exists(target) && (anchor.Length == 0 || Headings(target).Contains(anchor));
    }

    // GitHub's anchor of a heading: lower case, hyphens for spaces, no other punctuation.
    static IEnumerable<string> Headings(string file) => File.ReadLines(file).Where(line => line.StartsWith('#'))
        .Select(line =>
        "#" + NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    static void AssertNone(IEnumerable<string> found) => Assert.Equal("", string.Join('\n', found));

    [GeneratedRegex(@"\]\((?<path>[^)#\s]*)(?<anchor>#[^)\s]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex NotInAnchors();
}
