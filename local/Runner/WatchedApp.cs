using System.Diagnostics;

namespace Ticketing.Run;

/// <summary>
/// Builds an app and starts it again when its sources change (<c>--watch</c>). It runs from a copy of its bin folder: a
/// build then replaces no file of the running process, and after a failed build the old one goes on.
/// </summary>
sealed class WatchedApp
{
    // Two builds at the same time would write the same obj folders of the shared libraries.
    static readonly SemaphoreSlim OneBuild = new(1);
    static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    readonly AppProcess _process;
    readonly ConsoleLog _log;
    readonly string _name, _project, _built, _copy;

    /// <exception cref="StartException">The app's folder has no project, or its command starts no dll.</exception>
    public WatchedApp(Instance instance, AppProcess process, string data, ConsoleLog log)
    {
        (_process, _log, _name) = (process, log, instance.Name);
        _project = Directory.GetFiles(instance.App.Folder, "*.csproj") is [var only] ? only
            : throw new StartException($"--watch {_name}: {instance.App.Folder} is not the folder of one project.");
        _built = Path.GetDirectoryName(Path.GetFullPath(instance.App.Command[1], instance.App.Folder))!;
        _copy = CopyOf(data, instance.App.Id);
    }

    static string CopyOf(string data, string app) => Path.Combine(data, "watch", app);

    /// <summary>The app's command, with the copy of its dll.</summary>
    public static IReadOnlyList<string> Command(IReadOnlyList<string> command, string data, string app) =>
        command is ["dotnet", var dll, ..]
            ? ["dotnet", Path.Combine(CopyOf(data, app), Path.GetFileName(dll)), .. command.Skip(2)]
            : throw new StartException($"--watch {app}: its command must be `dotnet` and a dll.");

    /// <summary>Returns when the app has ended after a cancellation.</summary>
    public async Task Run(CancellationToken ct)
    {
        using var sources = new SourceWatch(_project);
        while (!ct.IsCancellationRequested)
        {
            await CopyBuilt(ct);
            using var restart = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var running = _process.Run(restart.Token);
            await Rebuilt(sources, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await restart.CancelAsync();
            await running;
        }
    }

    /// <summary>Returns after a change that was built without an error.</summary>
    async Task Rebuilt(SourceWatch sources, CancellationToken ct)
    {
        do
        {
            var change = await sources.Next(ct);
            _log.Write(_name, $"{change} changed; building.");
        }
        while (!await Build(ct));
        _log.Write(_name, "built; it is started again.");
    }

    async Task<bool> Build(CancellationToken ct)
    {
        var errors = Path.ChangeExtension(_copy, ".log");
        await OneBuild.WaitAsync(ct);
        try
        {
            // The errors come by a file. The compiler's server goes on after the build and keeps its pipes open: to read
            // from one would not end, and the runner's own must not be kept open.
            using var build = Process.Start(new ProcessStartInfo("dotnet",
            [
                "build", _project, "-c", Plan.BuildConfiguration, "-nologo", "-noConsoleLogger", "-fileLogger",
                $"-fileLoggerParameters:LogFile={errors};ErrorsOnly;NoSummary;Verbosity=quiet",
            ])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            await build.WaitForExitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!build.HasExited) build.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            if (build.ExitCode == 0) return true;
        }
        finally
        {
            OneBuild.Release();
        }

        foreach (var line in File.ReadLines(errors).Where(line => line.Length > 0).Distinct()) _log.Write(_name, line);
        _log.Write(_name, "does not build: the old one goes on.");
        return false;
    }

    /// <summary>Tries again while another build writes the folder.</summary>
    async Task CopyBuilt(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                Copy();
                return;
            }
            catch (IOException e)
            {
                _log.Write(_name, $"could not be copied ({e.Message}); trying again.");
                await Task.Delay(TryAgainAfter, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    void Copy()
    {
        if (Directory.Exists(_copy)) Directory.Delete(_copy, recursive: true);
        foreach (var file in Directory.EnumerateFiles(_built, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(_copy, Path.GetRelativePath(_built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
