namespace Ticketing.Testing;

/// <summary>Folders for tests; all of them are gone when the tests have run.</summary>
public static class TestFolder
{
    static readonly string Root = CreateRoot();
    static int count;

    /// <returns>An empty folder of its own.</returns>
    public static string New(string name) =>
        Directory.CreateDirectory(Path.Combine(Root, $"{name}-{Interlocked.Increment(ref count)}")).FullName;

    static string CreateRoot()
    {
        var root = Directory.CreateTempSubdirectory("ticketing-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return root;
    }
}
