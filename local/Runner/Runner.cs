using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Cryptography;
using Ticketing.Run.Demo;
using Ticketing.Sidecar.Resources;

namespace Ticketing.Run;

/// <summary>The default command: starts the shop, reports when it is ready, and runs it until a signal.</summary>
static class Runner
{
    const int TokenBytes = 24;

    public static async Task<int> Run(RunOptions options, CancellationToken ct)
    {
        var terminal = !Console.IsOutputRedirected && Variable("TERM") is not (null or "dumb");
        using var log = new ConsoleLog(Console.Out, colors: terminal && Variable("NO_COLOR") is null);
        try
        {
            await using var system = await Start(options, log, ct);
            foreach (var app in system.Apps.Where(app => app.Instance.IsLeftOut))
                Console.WriteLine(LeftOutFile.HowToStart(app.Instance));
            var ready = system.Ready(ct);
            await StartupDisplay.Show(system, ready, log, terminal);
            await ready;
            if (system.Url is null) Console.WriteLine($"The flow of events is on {system.FlowUrl}");
            Console.WriteLine($"Ticketing is ready on {system.Url}".TrimEnd('/'));
            if (system.Url is { } shop) await Welcome(shop, options, ct);
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            log.Pause();   // while all stop, apps and sidecars log errors about each other
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is StartException or DemoFailedException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <summary>Says what there is to see; the demo's listings come after "ready", which must not wait for them.</summary>
    static async Task Welcome(Uri shop, RunOptions options, CancellationToken ct)
    {
        Console.WriteLine(Guide.Pages);
        if (!options.SeedDemo) return;
        try
        {
            Console.WriteLine(Guide.Seeded(await Seed.Create(shop, TimeProvider.System.GetUtcNow(), ct)));
        }
        catch (Exception e) when (e is DemoFailedException or HttpRequestException)
        {
            Console.WriteLine($"--seed-demo: not everything was made ({e.Message}). The next start adds the rest.");
        }
    }

    /// <exception cref="StartException">Wrong options, a missing build, or a port or folder in use.</exception>
    public static async Task<LocalSystem> Start(RunOptions options, ConsoleLog log, CancellationToken ct)
    {
        var file = DaprFile.Read(options.File);
        var plan = Plan.Make(file, options, Ports.Free, NewToken);
        RefuseUnbuilt(plan);
        // Before anything is written: a shop that runs in the same folder must not notice.
        var data = new DataLock(plan.Data);
        try
        {
            return await Start(plan, data, file.Folder, options, log, ct);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    static async Task<LocalSystem> Start(
        Plan plan, DataLock data, string folder, RunOptions options, ConsoleLog log, CancellationToken ct)
    {
        if (Ports.Unusable(plan.Instances) is { Count: > 0 } ports)
            throw new StartException(string.Join('\n', [.. ports, "Stop it, or choose with --port and --any-ports."]));
        ComponentFolder? components = null;
        try
        {
            components = ComponentFolder.Compose(
                Path.GetFullPath(options.Components, folder),
                options.Broker is { } broker ? Path.GetFullPath(broker, folder) : null, plan.Data);
            return await LocalSystem.Start(plan, data, components.Path, options.Chaos, log, TimeProvider.System, ct);
        }
        catch (ResourceException e)
        {
            throw new StartException($"{components?.InSource(e.Message).TrimEnd('.')}: "
                + "correct it, or start the server that it names (components/README.md).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or Win32Exception)
        {
            throw new StartException($"The shop cannot be started: {e.Message}");
        }
    }

    static void RefuseUnbuilt(Plan plan)
    {
        var missing = plan.Instances.FirstOrDefault(i => !i.IsLeftOut && i.App.Command is ["dotnet", var dll, ..]
            && dll.EndsWith(".dll", StringComparison.Ordinal) && !File.Exists(Path.Combine(i.App.Folder, dll)));
        if (missing is not null)
            throw new StartException(
                $"{missing.Name} is not built ({missing.App.Command[1]} in {missing.App.Folder}). "
                + $"Run `dotnet build -c {Plan.BuildConfiguration}`.");
    }

    static string NewToken() => RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
