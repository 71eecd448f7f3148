using System.Diagnostics;
using System.Net;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.Core;

/// <summary>The program itself, standing where daprd would: its exit codes, and what survives its end.</summary>
public sealed class ProcessTests : IDisposable
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly string _folder = TestFolder.New("process");
    readonly List<Process> _started = [];

    [Fact]
    public async Task Whatever_was_acknowledged_before_kill_9_is_there_afterwards()
    {
        await WriteStoreAsync();
        var (first, port) = await StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var acknowledged = 0;
        var writers = Enumerable.Range(0, 4).Select(async writer =>
        {
            for (var i = 0; ; i++)
            {
                using var item = new StringContent($$"""[{"key":"{{writer}}-{{i}}","value":{{i}}}]""");
                try
                {
                    using var saved = await http.PostAsync("/v1.0/state/store", item, Ct);
                    if (saved.StatusCode != HttpStatusCode.NoContent) return i;
                }
                catch (HttpRequestException)
                {
                    return i;
                }

                if (Interlocked.Increment(ref acknowledged) == 200) first.Kill();
            }
        });
        var counts = await Task.WhenAll(writers);

        var (_, again) = await StartAsync();
        using var after = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{again}") };
        for (var writer = 0; writer < counts.Length; writer++)
        {
            for (var i = 0; i < counts[writer]; i++)
                Assert.Equal($"{i}", await after.GetStringAsync($"/v1.0/state/store/{writer}-{i}", Ct));
        }
    }

    [Fact]
    public async Task A_terminate_signal_ends_it_with_zero()
    {
        await WriteStoreAsync();
        var (terminated, _) = await StartAsync();

        ProcessTree.Signal(terminated.Id, "TERM");

        Assert.Equal(0, await ExitAsync(terminated));
    }

    [Theory]
    [InlineData("--app-id=app --nosuch=1", 2)]
    [InlineData("--app-id=app --resources-path=/nowhere", 1)]
    public async Task A_start_that_fails_has_an_exit_code_and_a_line(string flags, int code)
    {
        var process = Run(flags.Split(' '));

        var line = await process.StandardError.ReadToEndAsync(Ct);

        Assert.Equal(code, await ExitAsync(process));
        Assert.Single(line.Trim().Split('\n'));
    }

    Task WriteStoreAsync() => File.WriteAllTextAsync(
        Path.Combine(_folder, "store.yaml"), Yaml
            .Component("store", "state.sqlite", ("connectionString", "data.db")), Ct);

    async Task<(Process Process, int Port)> StartAsync()
    {
        var (http, grpc) = (AnyPort.Next(), AnyPort.Next());
        var process = Run("--app-id=app", $"--dapr-http-port={http}", $"--dapr-grpc-port={grpc}",
            $"--resources-path={_folder}");
        using var client = new HttpClient();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var health = await client.GetAsync($"http://127.0.0.1:{http}/v1.0/healthz", deadline.Token);
                if (health.IsSuccessStatusCode) return (process, http);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50, deadline.Token);
            }
        }
    }

    Process Run(params string[] flags)
    {
        var program = typeof(AppSidecar).Assembly.Location;
        var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. flags])
        {
            WorkingDirectory = _folder, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        _started.Add(process);
        return process;
    }

    static async Task<int> ExitAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
