namespace Ticketing.House.Tests;

/// <summary>The documents in the repository that are generated.</summary>
static class Generated
{
    /// <summary>
    /// Asserts that the generated text equals the checked-in file. With <c>UPDATE_DOCS=1</c> it writes the file
    /// instead, for the author of a change to review and commit.
    /// </summary>
    public static void AssertUpToDate(string path, string expected)
    {
        var file = Repository.At(path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(file, expected);
        var actual = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(expected == actual.ReplaceLineEndings("\n"),
            $"{path} is stale: run the tests of the house once with UPDATE_DOCS=1, read what changed, commit it.");
    }
}
