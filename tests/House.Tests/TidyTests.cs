using System.Text.RegularExpressions;
using static Ticketing.Testing.Repository;

namespace Ticketing.House.Tests;

/// <summary>The style rules that a machine can check.</summary>
public partial class TidyTests
{
    const int LinesMax = 300, LineLengthMax = 160;

    static IReadOnlyList<string> Sources { get; } = Tracked("*.cs", "*.razor", "*.js", "*.css");

    [Fact]
    public void No_file_is_longer_than_one_can_read_at_once() => AssertNone(Tracked("*.cs")
        .Select(file => (file, Count: File.ReadLines(At(file)).Count()))
        .Where(item => item.Count > LinesMax)
        .Select(item => $"{item.file}: {item.Count} lines"));

    // Not the sidecar, with its SQL, and not its tests, with recorded bodies.
    [Fact]
    public void No_line_runs_off_the_screen() => AssertNone(Lines(Tracked("services/*.cs"))
        .Where(line => line.Text.Length > LineLengthMax)
        .Select(line => $"{line.File}:{line.Number}"));

    [Fact]
    public void Nothing_is_left_undone() => AssertNone(Matches(Sources, Undone()));

    [Fact]
    public void Time_comes_from_a_time_provider() => AssertNone(Matches(
        Tracked("services/*.cs", "local/*.cs"), WallClock()));

    [Fact]
    public void Chance_is_handed_in() => AssertNone(Matches(Tracked("services/*.cs"), UnseededChance())
        .Where(hit => !hit.Contains("TryAddSingleton(Random.Shared)", StringComparison.Ordinal)));

    [Fact]
    public void Money_is_never_a_fraction() => AssertNone(Matches(Tracked("services/*.cs"), FractionalMoney()));

    [Fact]
    public void No_error_is_swallowed() => AssertNone(Matches(Tracked("services/*.cs", "local/*.cs"), EmptyCatch()));

    // Only OutboundHttp configures connections; everything else asks IHttpClientFactory.
    [Fact]
    public void Every_http_client_comes_from_the_factory() => AssertNone(Matches(Tracked("services/*.cs"), OwnClient())
        .Where(hit => !hit.StartsWith("services/Common/Http/OutboundHttp.cs", StringComparison.Ordinal)));

    [Fact]
    public void Every_version_of_a_package_is_in_one_place() =>
        AssertNone(Matches(Tracked("*.csproj"), PackageVersion()));

    static void AssertNone(IEnumerable<string> found) => Assert.Equal("", string.Join('\n', found));

    static IEnumerable<string> Matches(IEnumerable<string> files, Regex pattern) => Lines(files)
        .Where(line => !line.File.EndsWith("TidyTests.cs", StringComparison.Ordinal) && pattern.IsMatch(line.Text))
        .Select(line => $"{line.File}:{line.Number}: {line.Text.Trim()}");

    static IEnumerable<(string File, int Number, string Text)> Lines(IEnumerable<string> files) =>
        files.SelectMany(file => File.ReadLines(At(file)).Select((text, i) => (file, i + 1, text)));

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Undone();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|Thread\.Sleep\(")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"new Random\(\)|Random\.Shared|Guid\.NewGuid")]
    private static partial Regex UnseededChance();

    [GeneratedRegex(@"\b(double|float)\b.*\b([Pp]rice|[Aa]mount)\b")]
    private static partial Regex FractionalMoney();

    [GeneratedRegex(@"catch\s*(\([^)]*\))?\s*\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"new HttpClient\b|\bHttpClient \w+( \{[^}]*\})? = new\b|HttpMessageInvoker|(HttpClient|Sockets|WinHttp)Handler\b")]
    private static partial Regex OwnClient();

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion=")]
    private static partial Regex PackageVersion();
}
