using System.Text.RegularExpressions;

namespace Ticketing.Conformance;

public partial class ConformanceTests
{
    /// <summary>Cases whose difference is known and explained: those named in <c>docs/sidecar-differences.md</c>.</summary>
    static HashSet<string> Explained { get; } = ReadExplained();

    public static TheoryData<string> Replayed => new(Recording.All.Where(r => r.IsReplayed).Select(r => r.Name));

    [Theory, MemberData(nameof(Replayed))]
    public async Task The_embedded_sidecar_answers_as_daprd_did(string name)
    {
        var recording = Recording.All.Single(recording => recording.Name == name);
        var differences = await new Replay(recording).Run(TestContext.Current.CancellationToken);
        if (Explained.Contains(name))
            Assert.True(differences.Count > 0, $"{name} no longer differs: take it out of docs/sidecar-differences.md.");
        else
            Assert.True(differences.Count == 0, $"{name}\n{string.Join('\n', differences)}");
    }

    [Fact]
    public void Every_recording_is_here() => Assert.Equal(305, Recording.All.Count);

    [Fact]
    public void Only_recordings_that_are_replayed_are_explained() =>
        Assert.Subset(Replayed.Select(row => row.Data).ToHashSet(), Explained);

    static HashSet<string> ReadExplained()
    {
        using var page = new StreamReader(typeof(ConformanceTests).Assembly.GetManifestResourceStream("differences")!);
        return [.. CaseName().Matches(page.ReadToEnd()).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex(@"^\| `([a-z0-9.-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CaseName();
}
