using System.ComponentModel;
using System.Diagnostics;
using Ticketing.Common;

namespace Ticketing.Run;

/// <summary>One app in its own process. It is restarted, after growing pauses, whenever it ends by itself.</summary>
sealed class AppProcess(Instance instance, ChildProcessGuard guard, ConsoleLog log, TimeProvider time)
{
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan SteadyAfter = TimeSpan.FromMinutes(1), EndStep = TimeSpan.FromSeconds(1);
    const int EndStepsMax = 5;

    /// <summary>How many times in a row it ended within a minute of its start.</summary>
    public int Failures { get; private set; }

    public bool IsRunning { get; private set; }

    /// <summary>Its last line of errors, if it ended because of its configuration: another start would end in the same
    /// way.</summary>
    public string? Misconfigured { get; private set; }

    public string? LastLine { get; private set; }

    string _lastError = "";

    /// <summary>Returns when the app has ended after a cancellation.</summary>
    public async Task Run(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            var end = await RunOnce(ct);
            if (ct.IsCancellationRequested) return;
            Failures = time.GetElapsedTime(started) > SteadyAfter ? 1 : Failures + 1;
            var pause = Pause(Failures);
            log.Write(instance.Name, $"{end}; it is started again in {pause.TotalSeconds:0} s.");
            await Task.Delay(pause, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <returns>How it ended, for the log.</returns>
    async Task<string> RunOnce(CancellationToken ct)
    {
        using var process = new Process { StartInfo = StartInfo() };
        process.OutputDataReceived += Forward;
        process.ErrorDataReceived += Forward;
        process.ErrorDataReceived += (_, line) => _lastError = line.Data is { Length: > 0 } text ? text : _lastError;
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return $"could not be started: {e.Message}";
        }

        guard.Add(process);
        IsRunning = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) await End(process);
        IsRunning = false;
        guard.Remove(process);
        Misconfigured = process.ExitCode == StartUp.BadConfiguration ? _lastError : null;
        return $"ended with code {process.ExitCode}";
    }

    async Task End(Process process)
    {
        guard.Terminate(process);
        // In steps: a laptop that was closed meanwhile has passed one of them, not the app's whole time.
        for (var step = 0; step < EndStepsMax && !process.HasExited; step++)
        {
            using var patience = new CancellationTokenSource(EndStep, time);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (process.HasExited) return;
        log.Write(instance.Name, $"did not end within {EndStepsMax * EndStep.TotalSeconds:0} s and was killed.");
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

    void Forward(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { Length: > 0 } text) log.Write(instance.Name, LastLine = text);
    }
}
