using System.ComponentModel;
using System.Diagnostics;

namespace Ticketing.Run;

/// <summary>One app in its own process, started again with growing pauses whenever it ends by itself.</summary>
sealed class AppProcess(Instance instance, Leash leash, ConsoleLog log, TimeProvider time)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan SteadyAfter = TimeSpan.FromMinutes(1), EndWithin = TimeSpan.FromSeconds(5);

    /// <summary>How often in a row it ended before it had run for a minute.</summary>
    public int Failures { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>Returns when it was asked to stop, and has.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var end = await RunOnce(ct);
            if (ct.IsCancellationRequested) return;
            Failures = time.GetElapsedTime(started) > SteadyAfter ? 1 : Failures + 1;
            var pause = Pause(Failures);
            log.Say(instance.Name, $"{end}; it is started again in {pause.TotalSeconds:0} s.");
            await Task.Delay(pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>How it ended, in words.</summary>
    async Task<string> RunOnce(CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo() };
        process.OutputDataReceived += Pass;
        process.ErrorDataReceived += Pass;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return $"could not be started: {e.Message}";
        }

        leash.Hold(process);
        IsRunning = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) await End(process);
        IsRunning = false;
        leash.Release(process);
        return $"ended with code {process.ExitCode}";
    }

    async Task End(Process process)
    {
        leash.AskToEnd(process);
        using var patience = new CancellationTokenSource(EndWithin, time);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (process.HasExited) return;
        log.Say(instance.Name, $"did not end within {EndWithin.TotalSeconds:0} s and was killed.");
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    ProcessStartInfo StartInfo()
    {
        var info = new ProcessStartInfo(instance.Command[0], instance.Command.Skip(1))
        {
            WorkingDirectory = instance.App.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in instance.Env) info.Environment[name] = value;
        return info;
    }

    void Pass(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text) log.Say(instance.Name, text);
    }
}
