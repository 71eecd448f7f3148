[assembly: AssemblyFixture(typeof(Ticketing.Testing.TestFolders))]
[assembly: AssemblyFixture(typeof(Ticketing.Conformance.SharedServers))]

namespace Ticketing.Conformance;

public class ConformanceTests
{
    public static TheoryData<string> Replayed => [.. Cases.Replayed.Select(recording => recording.Name)];

    [Theory, MemberData(nameof(Replayed))]
    public async Task The_sidecar_does_as_daprd_did(string name)
    {
        var differences = await Cases.ResultAsync(name);
        Assert.All(DifferencesPage.Explained(name).Where(DifferencesPage.IsCertain), where => Assert.True(
            differences.Any(difference => DifferencesPage.IsAt(where, difference)),
            $"{name} no longer differs at {where}: take it out of docs/sidecar-differences.md."));
        var unexplained = DifferencesPage.Unexplained(name, differences);
        Assert.True(unexplained.Count == 0, $"{name}\n{string.Join('\n', unexplained)}");
    }

    [Fact]
    public void Every_recording_is_here() => Assert.Equal(305, Recording.All.Count);

    [Fact]
    public void Every_case_that_is_named_exists() => Assert.All(
        DifferencesPage.Differing.Select(row => row.Cases).Concat(LeftOut.Features.Select(row => row.Cases)),
        pattern => Assert.Contains(Recording.All, recording => DifferencesPage.Fits(pattern, recording.Name)));

    [Fact]
    public void A_case_that_is_left_out_has_nothing_to_explain() => Assert.All(
        DifferencesPage.Differing.Select(row => row.Cases),
        pattern => Assert.Contains(Cases.Replayable, recording => DifferencesPage.Fits(pattern, recording.Name)));

    /// <summary>Each number follows from the cases that are named: all others are the same, or their test fails.</summary>
    [Fact]
    public void The_page_counts_right()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") DifferencesPage.Write();
        else Assert.All(DifferencesPage.Tables, table => Assert.True(
            DifferencesPage.Has(table), $"docs/sidecar-differences.md is stale; UPDATE_DOCS=1 writes it:\n{table}"));
    }
}

/// <summary>Stops what all cases shared.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await CleanServers.StopAsync();
}
