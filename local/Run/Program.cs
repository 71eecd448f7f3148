using System.Runtime.InteropServices;
using Ticketing.Run;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

// Signals are handled above: the library's own handling would end the process before the apps have ended.
return await CommandLine.Root().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null }, stop.Token);

// The first signal shuts down in order. A second one ends the runner at once, and its apps with it.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
