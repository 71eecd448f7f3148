using System.Diagnostics;

namespace Ticketing.Load;

/// <summary>Processes that end with this one.</summary>
sealed class Children : IDisposable
{
    readonly List<Process> _all = [];

    /// <param name="program">A built .NET program.</param>
    public void Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };   // a pipe that nobody reads would stop it
        process.BeginOutputReadLine();
        _all.Add(process);
    }

    public void Dispose()
    {
        foreach (var process in _all)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
