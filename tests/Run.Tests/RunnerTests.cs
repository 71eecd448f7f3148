using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Ticketing.Run.Tests;

public sealed class RunnerTests : IDisposable
{
    static readonly HttpClient Http = new();
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly string folder = RunnerProcess.Folder(["one", "two", "ingress"]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_says_ready_once_every_app_is_and_ends_quickly_when_asked()
    {
        File.WriteAllText(Path.Combine(folder, "apps", "two", "not-ready"), "");
        await using var runner = Start();
        await runner.WaitForLine("two        | Not ready: store.");
        Assert.DoesNotContain(runner.Lines, line => line.Contains("is ready on", StringComparison.Ordinal));
        File.Delete(Path.Combine(folder, "apps", "two", "not-ready"));

        var url = await runner.Ready();

        Assert.Equal("here", await Http.GetStringAsync(url, Ct));
        var app = await Pid(url);
        var watch = Stopwatch.StartNew();
        runner.Signal("INT");
        Assert.Equal(0, await runner.Ends());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"It took {watch.Elapsed} to end.");
        Assert.False(ProcessTree.IsRunning(app));
    }

    [Fact]
    public async Task An_app_that_dies_is_reported_and_started_again()
    {
        await using var runner = Start();
        var url = await runner.Ready();
        var first = await Pid(url);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => Http.PostAsync(new Uri(url, "/die"), null, Ct));

        await runner.WaitForLine("ingress    | ended with code 3; it is started again in 1 s.");
        await Eventually.Is(async () => await PidIfAny(url) is { } next && next != first);
    }

    [Fact]
    public async Task Its_apps_do_not_outlive_it_even_when_it_is_killed()
    {
        await using var runner = Start();
        var app = await Pid(await runner.Ready());
        Assert.True(ProcessTree.IsRunning(app));

        runner.Signal("KILL");

        await Eventually.Is(() => !ProcessTree.IsRunning(app));
    }

    [Fact]
    public async Task What_it_left_behind_when_killed_does_not_hinder_the_next()
    {
        await using (var killed = Start())
        {
            await killed.Ready();
            killed.Signal("KILL");
            await killed.Ends();
        }

        await using var next = Start();
        await next.Ready();
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_nothing_is_started()
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        await using var runner = RunnerProcess.StartIn(folder, "--any-ports", "--port", $"{port}");

        await runner.WaitForLine($"Port {port} (ingress) is taken by another program.");
        Assert.Equal(1, await runner.Ends());
        Assert.DoesNotContain(runner.Lines, line => line.Contains("one  ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_runner_in_the_same_folder_is_told_so_and_changes_nothing()
    {
        await using var first = Start();
        var url = await first.Ready();
        var components = Path.Combine(folder, ".data", "components");
        var before = Directory.GetFiles(components).Select(file => (file, File.GetLastWriteTimeUtc(file))).ToList();
        Assert.NotEmpty(before);

        await using var second = Start();

        await second.WaitForLine("is in use by another runner");
        Assert.Equal(1, await second.Ends());
        Assert.Equal(before, Directory.GetFiles(components).Select(file => (file, File.GetLastWriteTimeUtc(file))));
        Assert.Equal("here", await Http.GetStringAsync(url, Ct));
    }

    // The port is free, but its proxy is another machine's: each call through it would fail.
    [Fact]
    public async Task A_proxy_for_the_internet_is_not_asked_for_this_machine()
    {
        var proxy = $"http://127.0.0.1:{AnyPort.Next()}";
        await using var runner = RunnerProcess.StartWith(
            new() { ["HTTP_PROXY"] = proxy, ["http_proxy"] = proxy, ["ALL_PROXY"] = proxy, ["NO_PROXY"] = "", ["no_proxy"] = "" },
            "--file", Path.Combine(folder, "dapr.yaml"), "--components", "components", "--any-ports", "--port", "0");
        await runner.Ready();
    }

    [Fact]
    public async Task It_goes_on_and_ends_although_nobody_reads_its_console()
    {
        var port = AnyPort.Next();
        using var runner = Process.Start(RunnerProcess.Program([],
            "--file", Path.Combine(folder, "dapr.yaml"), "--components", "components", "--any-ports", "--port", $"{port}"))!;
        var url = new Uri($"http://localhost:{port}");
        await Eventually.Is(async () => await PidIfAny(url) is not null);

        try
        {
            // Many times what pipe and queue hold; answered when the app could write it all.
            using var said = await Http.PostAsync(new Uri(url, "/talk/100000"), null, Ct);

            Assert.True(said.IsSuccessStatusCode);
            ProcessTree.Signal(runner.Id, "TERM");
            await runner.WaitForExitAsync(Ct).WaitAsync(TimeSpan.FromSeconds(30), Ct);
            Assert.Equal(0, runner.ExitCode);
        }
        finally
        {
            if (!runner.HasExited) runner.Kill();
        }
    }

    // The broker takes no such subscription: ready would mean that the first purchase gets stuck.
    [Theory]
    [InlineData("subscribe.json", """[{ "pubsubname": "pubsub", "topic": "orders", "route": "/on" }]""", "subscribing, 0 of 1")]
    [InlineData("config.json", """{ "entities": ["Deadline"] }""", "hosting actors, Deadline")]
    public async Task It_is_not_ready_while_an_app_gets_no_events_or_no_actors(string file, string said, string status)
    {
        File.WriteAllText(Path.Combine(folder, "apps", "two", file), said);
        await using var runner = Start();
        await runner.WaitForLine($"two        | {status}");
        if (!runner.Lines.Exists(line => line.Contains("one        | ready", StringComparison.Ordinal)))
            await runner.WaitForLine("one        | ready");
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Assert.DoesNotContain(runner.Lines, line => line.Contains("is ready on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_app_gets_its_environment_and_the_data_folder()
    {
        await using var runner = Start("--data", "elsewhere");
        var url = await runner.Ready();
        Assert.Equal("ingress", await Http.GetStringAsync(new Uri(url, "/env/APP_ID"), Ct));
        Assert.Equal($"{url.Port}", await Http.GetStringAsync(new Uri(url, "/env/APP_PORT"), Ct));
        Assert.Equal($"--data={folder}/elsewhere/ingress", await Http.GetStringAsync(new Uri(url, "/args"), Ct));
    }

    [Fact]
    public async Task An_app_that_cannot_start_ends_the_runner_with_its_words()
    {
        var broken = RunnerProcess.Folder(["ingress"], """
              - appID: broken
                appDirPath: apps
                appPort: 2000
                command: [sh, -c, "echo no such luck; exit 7"]
            """);
        await using var runner = RunnerProcess.StartIn(broken, "--any-ports", "--port", "0");
        await runner.WaitForLine("broken     | no such luck");
        await runner.WaitForLine("broken does not start: it ended 3 times.");
        Assert.Equal(1, await runner.Ends());
        Directory.Delete(broken, recursive: true);
    }

    [Theory]
    [InlineData("--replicas 0", "--replicas must lie between 1 and 5")]
    [InlineData("--hold 0", "--hold must lie between 1 and 86400")]
    [InlineData("--port many", "many")]
    [InlineData("--compnents x", "--compnents")]
    public void A_mistake_on_the_command_line_is_named(string arguments, string words) => Assert.Contains(
        CommandLine.Root().Parse(arguments).Errors, error => error.Message.Contains(words, StringComparison.Ordinal));

    RunnerProcess Start(params string[] arguments) =>
        RunnerProcess.StartIn(folder, ["--any-ports", "--port", "0", .. arguments]);

    static async Task<int> Pid(Uri url) =>
        int.Parse(await Http.GetStringAsync(new Uri(url, "/pid"), Ct), CultureInfo.InvariantCulture);

    static async Task<int?> PidIfAny(Uri url)
    {
        try
        {
            return await Pid(url);
        }
        catch (HttpRequestException)
        {
            return null;   // still starting
        }
    }
}
