using System.Diagnostics;
using System.Globalization;

namespace Ticketing.Testing;

/// <summary>A process and all its descendants, as Linux's <c>/proc</c> shows them.</summary>
public static class ProcessTree
{
    /// <summary>
    /// In bytes, of all processes: resident counts shared pages per process, proportional counts them once.
    /// </summary>
    public sealed record Memory(int Processes, long Resident, long Proportional);

    const long Kibibyte = 1024;
    const double TicksPerSecond = 100;

    public static Memory MemoryOf(int root)
    {
        var all = Of(root);
        return new Memory(all.Count, all.Sum(id => Rollup(id, "Rss:")), all.Sum(id => Rollup(id, "Pss:")));
    }

    /// <summary>Processor time all of them have used so far.</summary>
    public static TimeSpan CpuOf(int root) => TimeSpan.FromSeconds(Of(root).Sum(Ticks) / TicksPerSecond);

    /// <returns>The processes in the tree whose command line holds the words, the oldest first.</returns>
    public static IReadOnlyList<int> Find(int root, string words) =>
        [.. Of(root).Where(id => Read(id, "cmdline").Contains(words, StringComparison.Ordinal)).Order()];

    /// <summary>
    /// False also for an ended process that is still listed because its parent has not waited for it.
    /// </summary>
    public static bool IsRunning(int id) => Read(id, "cmdline").Length > 0;

    /// <param name="name">As for <c>kill</c>: TERM, KILL, STOP…</param>
    public static void Signal(int id, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{id}"]);
        kill.WaitForExit();
        if (kill.ExitCode != 0) throw new InvalidOperationException($"There is no process {id} to send {name} to.");
    }

    /// <returns>The process itself first.</returns>
    public static IReadOnlyList<int> Of(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0)
            .ToDictionary(id => id, id =>
                Stat(id) is [_, var parent, ..] ? int.Parse(parent, CultureInfo.InvariantCulture) : 0);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
            tree.AddRange(parents.Where(pair => pair.Value == tree[i]).Select(pair => pair.Key));
        return tree;
    }

    static long Rollup(int id, string name) => Read(id, "smaps_rollup").Split('\n')
        .Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * Kibibyte)
        .FirstOrDefault();

    // User and system time are the 12th and 13th behind the name.
    static double Ticks(int id) => Stat(id) is { Length: > 13 } stat
        ? double.Parse(stat[11], CultureInfo.InvariantCulture) + double.Parse(stat[12], CultureInfo.InvariantCulture)
        : 0;

    // The fields after the name, which is in brackets and may contain anything: state, parent, …
    static string[] Stat(int id)
    {
        var stat = Read(id, "stat");
        return stat.Length == 0 ? [] : stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <param name="file">In its folder of <c>/proc</c>.</param>
    /// <returns>Empty if the process has ended.</returns>
    public static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";   // it has ended meanwhile
        }
    }
}
