namespace Ticketing.Testing;

/// <summary>The checkout the running code was built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <param name="path">Relative to the root.</param>
    public static string At(string path) => Path.Combine(Root, path);

    static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ticketing.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Not inside a checkout.");
    }
}
