using Ticketing.Sidecar;
using Ticketing.Sidecar.Components;

using var logs = LoggerFactory.Create(log => log.AddSimpleConsole(console => console.SingleLine = true));
await using var host = new SidecarHost(KnownComponents.Registry, logs: logs);
var stop = new TaskCompletionSource();
using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM, _ => stop.TrySetResult());
var sidecar = await AppSidecar.StartAsync(new SidecarOptions { AppId = "app" }, host, CancellationToken.None);
await stop.Task;
await sidecar.StopAsync(CancellationToken.None);
