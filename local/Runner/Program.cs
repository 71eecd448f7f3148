using System.Runtime.InteropServices;
using Ticketing.Common;
using Ticketing.Run;

LoopbackBypass.Install();
using var console = ConsoleQueue.Open();
Console.SetOut(console.Out);
Console.SetError(console.Error);

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
try
{
    return await CommandLine.Run(args, stop.Token);
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // A folder for temporary files that may not be written, for example.
    await Console.Error.WriteLineAsync($"This machine refuses what the runner needs: {e.Message}");
    return 1;
}

// The first signal shuts down in order. A second one ends the runner at once, and its apps with it.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
