using System.Collections;
using System.Runtime.InteropServices;
using Ticketing.Sidecar;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(DaprdFlags.Usage);
    return 0;
}

SidecarOptions options;
try
{
    options = DaprdFlags.Parse(args, Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? ""));
}
catch (FormatException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

using var logs = LoggerFactory.Create(log => log.AddSimpleConsole(console => console.SingleLine = true));
await using var host = new SidecarHost(KnownComponents.Registry, logs: logs);
using var interrupted = new CancellationTokenSource();
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
try
{
    var sidecar = await AppSidecar.StartAsync(options, host, interrupted.Token);
    using var stop = interrupted.Token.Register(() => sidecar.RequestStop());
    return await sidecar.Ended;
}
catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
{
    return 0;
}
catch (Exception error) when (error is ResourceException or IOException)
{
    Console.Error.WriteLine($"Fatal error from runtime: {error.Message}");
    return 1;
}
