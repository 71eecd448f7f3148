using System.Text.RegularExpressions;

namespace Ticketing.House.Tests;

/// <summary>Every test that the threat model names must exist; a renamed or deleted one fails here.</summary>
public sealed partial class ThreatModelTests
{
    const int NamedMin = 60;

    [Fact]
    public void Every_test_it_names_exists()
    {
        var named = TestName().Matches(File.ReadAllText(Repository.At("docs/threat-model.md")))
            .Select(match => (Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)).Distinct()
            .ToList();
        var sources = Directory.EnumerateFiles(Repository.At("tests"), "*.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file));
        Assert.True(named.Count > NamedMin, $"Only {named.Count} tests are named.");
        Assert.Equal([], named.Where(test => !sources[test.Class].Any(file =>
            File.ReadAllText(file).Contains($" {test.Method}(", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"`(?<class>[A-Za-z0-9]+Tests)\.(?<method>[A-Z][A-Za-z0-9_]+)`")]
    private static partial Regex TestName();
}
