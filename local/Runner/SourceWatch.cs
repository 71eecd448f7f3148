using System.Threading.Channels;
using System.Xml.Linq;

namespace Ticketing.Run;

/// <summary>Waits for changes of the sources of a project and of the projects that it references.</summary>
sealed class SourceWatch : IDisposable
{
    /// <summary>An editor writes a file in several steps, and "save all" writes several files.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);

    static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".razor", ".csproj", ".json", ".css", ".js", ".html", ".svg",
    };

    readonly List<FileSystemWatcher> _watchers = [];
    readonly Channel<string> _changed = Channel.CreateUnbounded<string>();

    public SourceWatch(string project)
    {
        foreach (var folder in Folders(project))
        {
            var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
            watcher.Changed += (_, change) => Note(folder, change.FullPath);
            watcher.Created += (_, change) => Note(folder, change.FullPath);
            watcher.Deleted += (_, change) => Note(folder, change.FullPath);
            watcher.Renamed += (_, change) => Note(folder, change.FullPath);
            watcher.Error += (_, _) => _changed.Writer.TryWrite("many files");   // its buffer overflowed
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
    }

    /// <summary>The name of a file that changed, once nothing has changed for a moment.</summary>
    public async Task<string> Next(CancellationToken ct)
    {
        var first = await _changed.Reader.ReadAsync(ct);
        do
        {
            while (_changed.Reader.TryRead(out _)) { }
            await Task.Delay(Quiet, ct);
        }
        while (_changed.Reader.TryPeek(out _));
        return first;
    }

    void Note(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        if (relative.Split(Path.DirectorySeparatorChar) is ["bin" or "obj" or ".dapr", ..]) return;
        if (Types.Contains(Path.GetExtension(path))) _changed.Writer.TryWrite(relative);
    }

    /// <summary>The folders of a project and of all that it references, each once.</summary>
    public static IReadOnlyCollection<string> Folders(string project)
    {
        var projects = new HashSet<string>();
        Add(Path.GetFullPath(project));
        return [.. projects.Select(path => Path.GetDirectoryName(path)!).Distinct()];

        void Add(string path)
        {
            if (!File.Exists(path) || !projects.Add(path)) return;
            foreach (var reference in XDocument.Load(path).Descendants("ProjectReference"))
                if (reference.Attribute("Include")?.Value.Replace('\\', '/') is { } other)
                    Add(Path.GetFullPath(other, Path.GetDirectoryName(path)!));
        }
    }

    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());
}
