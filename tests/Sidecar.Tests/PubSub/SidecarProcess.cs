using System.Diagnostics;
using System.Net.Sockets;

namespace Ticketing.Sidecar.Tests.PubSub;

/// <summary>A sidecar in a process of its own, which can be killed as processes are: without a word.</summary>
sealed class SidecarProcess : IDisposable
{
    readonly Process _process;

    SidecarProcess(Process process, HttpClient http) => (_process, Http) = (process, http);

    public HttpClient Http { get; }

    public static async Task<SidecarProcess> StartAsync(string folder, int httpPort, int grpcPort, int appPort)
    {
        var sidecar = Path.Combine(AppContext.BaseDirectory, "Ticketing.Sidecar.dll");
        var start = new ProcessStartInfo("dotnet",
        [
            sidecar, "--app-id", "app", "--app-port", $"{appPort}", "--dapr-http-port", $"{httpPort}",
            "--dapr-grpc-port", $"{grpcPort}", "--resources-path", folder,
        ])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = new SidecarProcess(process, new() { BaseAddress = new($"http://127.0.0.1:{httpPort}") });
        await started.AnswersAsync();
        return started;
    }

    async Task AnswersAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(_process.HasExited, "the sidecar ended by itself");
            try
            {
                if ((await Http.GetAsync("/v1.0/healthz/outbound", deadline.Token)).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
        Http.Dispose();
    }
}
