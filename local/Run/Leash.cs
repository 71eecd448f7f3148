using System.Diagnostics;
using System.Globalization;

namespace Ticketing.Run;

/// <summary>
/// Ends the apps when the runner dies without a word, as by <c>kill -9</c>: a shell that reads their process ids from a
/// pipe, and kills those still on its list once the pipe ends. On Windows there is none: there the apps stay.
/// </summary>
sealed class Leash : IDisposable
{
    // Ctrl-C in a terminal reaches every process of it, and is not the end of the runner yet.
    const string Script = """
        trap '' INT TERM HUP
        pids=' '
        while read -r what pid; do
          case $what in
            hold) pids="$pids$pid " ;;
            release) pids="${pids%% $pid *} ${pids#* $pid }" ;;
            end) kill -TERM "$pid" 2>/dev/null ;;
          esac
        done
        [ "$pids" = ' ' ] || kill -KILL $pids 2>/dev/null
        """;

    readonly Process? _shell;
    readonly Lock _gate = new();

    public Leash()
    {
        if (OperatingSystem.IsWindows()) return;
        _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true })!;
        _shell.StandardInput.AutoFlush = true;
    }

    public void Hold(Process app) => Tell("hold", app);

    /// <summary>For an app that ended: its id may be given to a stranger.</summary>
    public void Release(Process app) => Tell("release", app);

    /// <summary>Asks an app to end: .NET itself can only kill.</summary>
    public void AskToEnd(Process app)
    {
        if (_shell is null) app.Kill();
        else Tell("end", app);
    }

    void Tell(string what, Process app)
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
