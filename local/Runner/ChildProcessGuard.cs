using System.Diagnostics;
using System.Globalization;

namespace Ticketing.Run;

/// <summary>
/// Kills the apps when the runner itself is killed (<c>kill -9</c>). A shell reads their process ids from a pipe, and
/// kills those still on its list when the pipe closes. Not on Windows: there the apps keep running.
/// </summary>
sealed class ChildProcessGuard : IDisposable
{
    // Ignores signals: Ctrl-C in a terminal reaches this shell too, while the runner is still shutting down.
    const string Script = """
        trap '' INT TERM HUP
        pids=' '
        while read -r what pid; do
          case $what in
            add) pids="$pids$pid " ;;
            remove) pids="${pids%% $pid *} ${pids#* $pid }" ;;
            terminate) kill -TERM "$pid" 2>/dev/null ;;
          esac
        done
        [ "$pids" = ' ' ] || kill -KILL $pids 2>/dev/null
        """;

    readonly Process? _shell;
    readonly Lock _gate = new();

    public ChildProcessGuard()
    {
        if (OperatingSystem.IsWindows()) return;
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true })!;
        _shell.StandardInput.AutoFlush = true;
    }

    public void Add(Process app) => Send("add", app);

    /// <summary>Call when an app has ended: the system may give its id to another process.</summary>
    public void Remove(Process app) => Send("remove", app);

    /// <summary>
    /// Asks an app to shut down (SIGTERM). <c>Process.Kill</c> sends SIGKILL, which skips the app's own shutdown.
    /// </summary>
    public void Terminate(Process app)
    {
        if (_shell is null) app.Kill();
        else Send("terminate", app);
    }

    void Send(string what, Process app)
    {
        lock (_gate) _shell?.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {app.Id}"));
    }

    public void Dispose()
    {
        if (_shell is null) return;
        _shell.StandardInput.Close();
        _shell.WaitForExit();
        _shell.Dispose();
    }
}
