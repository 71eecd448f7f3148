namespace Ticketing.House.Tests;

/// <summary>The checkout these tests were built from, and the documents in it that are generated.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>
    /// A generated document is what is checked in. With <c>UPDATE_DOCS=1</c> it is written anew instead, for the author
    /// of a change to read and commit.
    /// </summary>
    public static void AssertGenerated(string path, string expected)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            File.WriteAllText(file, expected);
        var actual = File.Exists(file) ? File.ReadAllText(file) : "";
        Assert.True(expected == actual.ReplaceLineEndings("\n"),
            $"{path} is stale: run the tests of the house once with UPDATE_DOCS=1, read what changed, commit it.");
    }

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ticketing.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Not inside a checkout.");
    }
}
