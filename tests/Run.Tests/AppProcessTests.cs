using Microsoft.Extensions.Time.Testing;

namespace Ticketing.Run.Tests;

/// <summary>A laptop was closed for a night: on opening it, all timers fire at once.</summary>
public sealed class AppProcessTests : IDisposable
{
    static readonly TimeSpan Night = TimeSpan.FromHours(8);

    readonly string folder = Directory.CreateTempSubdirectory("app-").FullName;
    readonly FakeTimeProvider time = new();
    readonly StringWriter output = new();
    readonly ChildProcessGuard guard = new();

    public void Dispose()
    {
        guard.Dispose();
        output.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_app_that_runs_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var app = App("touch up; while :; do sleep 0.1; done");
        var running = app.Run(stop.Token);
        await Eventually.Is(() => Has("up"));

        time.Advance(Night);

        Assert.True(app.IsRunning);
        Assert.Equal(0, app.Failures);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task An_app_that_was_asked_to_end_may_still_take_its_time()
    {
        using var stop = new CancellationTokenSource();
        var running = App("trap 'touch ending; sleep 1; touch ended; exit 0' TERM; touch up; while :; do sleep 0.1; done")
            .Run(stop.Token);
        await Eventually.Is(() => Has("up"));

        await stop.CancelAsync();
        await Eventually.Is(() => Has("ending"));
        time.Advance(Night);
        await running;

        Assert.True(Has("ended"));
        Assert.DoesNotContain("killed", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_app_says_of_its_configuration_is_kept()
    {
        using var stop = new CancellationTokenSource();
        var app = App("echo first; echo correct line 7 >&2; exit 78");
        var running = app.Run(stop.Token);
        await Eventually.Is(() => app.Misconfigured is not null);
        Assert.Equal("correct line 7", app.Misconfigured);
        await stop.CancelAsync();
        await running;
    }

    bool Has(string file) => File.Exists(Path.Combine(folder, file));

    AppProcess App(string script)
    {
        var app = new AppSpec("app", folder, 0, 0, 0, ["sh", "-c", script], new Dictionary<string, string>(), [], null, null);
        var instance = new Instance("app", app, 0, app.Command, app.Env, Sidecar: null);
        return new AppProcess(instance, guard, new ConsoleLog(TextWriter.Synchronized(output), colors: false), time);
    }
}
