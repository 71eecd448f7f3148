namespace Ticketing.Testing;

/// <summary>Temporary folders for tests; all are deleted after the tests.</summary>
public static class TestFolder
{
    static readonly Lazy<string> Root = new(CreateRoot);
    static int count;

    /// <returns>A new empty folder.</returns>
    public static string New(string name) =>
        Directory.CreateDirectory(Path.Combine(Root.Value, $"{name}-{Interlocked.Increment(ref count)}")).FullName;

    static string CreateRoot()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteAll();
        return Directory.CreateTempSubdirectory("ticketing-tests-").FullName;
    }

    internal static void DeleteAll()
    {
        if (Root.IsValueCreated && Directory.Exists(Root.Value)) Directory.Delete(Root.Value, recursive: true);
    }
}

/// <summary>
/// An assembly fixture that deletes the folders before the process exits. At exit, where they are deleted otherwise, a
/// project with many folders takes longer than the second that xunit allows, and xunit then reports waiting threads.
/// </summary>
public sealed class TestFolders : IDisposable
{
    public void Dispose() => TestFolder.DeleteAll();
}
