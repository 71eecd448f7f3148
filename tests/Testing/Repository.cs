using System.Diagnostics;

namespace Ticketing.Testing;

/// <summary>The checkout the running code was built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <param name="path">Relative to the root.</param>
    public static string At(string path) => Path.Combine(Root, path);

    /// <summary>The files of the checkout that git knows and that exist, relative to the root.</summary>
    /// <param name="patterns">As <c>git ls-files</c> takes them.</param>
    /// <exception cref="InvalidOperationException">There is none: a check of them would check nothing.</exception>
    public static IReadOnlyList<string> Tracked(params string[] patterns)
    {
        var start = new ProcessStartInfo("git", ["ls-files", "-z", "--", .. patterns])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        if (git.ExitCode != 0 || files.Length == 0)
            throw new InvalidOperationException($"git knows no {string.Join(' ', patterns)}.");
        return [.. files.Where(file => File.Exists(At(file)))];
    }

    static string Find(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Ticketing.sln")))
                return folder.FullName;
        throw new InvalidOperationException("Not inside a checkout.");
    }
}
