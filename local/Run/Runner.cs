using System.Security.Cryptography;
using Ticketing.Run.Demo;

namespace Ticketing.Run;

/// <summary>The command itself: open the shop, say when it is ready, keep it open until asked to stop.</summary>
static class Runner
{
    const int TokenBytes = 24;

    public static async Task<int> Run(RunOptions options, CancellationToken ct)
    {
        var terminal = !Console.IsOutputRedirected && Variable("TERM") is not (null or "dumb");
        using var log = new ConsoleLog(Console.Out, colors: terminal && Variable("NO_COLOR") is null);
        try
        {
            await using var shop = await Open(options, log, ct);
            var ready = shop.Ready(ct);
            await StartBoard.Watch(shop, ready, log, terminal);
            await ready;
            if (options.SeedDemo && shop.Url is { } address)
                await Seed.Plant(address, TimeProvider.System.GetUtcNow(), ct);
            if (shop.FlowUrl is { } flow) Console.WriteLine($"What goes on inside is on {flow}");
            Console.WriteLine($"Ticketing is ready on {shop.Url}".TrimEnd('/'));
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            log.HoldBack();   // what apps and sidecars say about each other's end is no news
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception e) when (e is StartException or BrokenPromiseException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    /// <exception cref="StartException">Something stands in the way.</exception>
    public static async Task<Shop> Open(RunOptions options, ConsoleLog log, CancellationToken ct)
    {
        var file = DaprFile.Read(options.File);
        var plan = Plan.Make(file, options, Ports.Free, NewToken);
        Directory.CreateDirectory(plan.Data);
        RefuseUnbuilt(plan);
        if (Ports.Taken(plan.Instances) is { Count: > 0 } taken)
            throw new StartException(string.Join('\n', [.. taken, "Stop it, or choose with --port and --any-ports."]));
        var components = ComponentFolder.Compose(
            Path.GetFullPath(options.Components, file.Folder),
            options.Broker is { } broker ? Path.GetFullPath(broker, file.Folder) : null, plan.Data);
        try
        {
            return await Shop.Open(plan, components, options.Chaos, log, TimeProvider.System, ct);
        }
        catch (Sidecar.Resources.ResourceException e)
        {
            throw new StartException(e.Message);
        }
    }

    static void RefuseUnbuilt(Plan plan)
    {
        var missing = plan.Instances.FirstOrDefault(i => i.Command is ["dotnet", var dll, ..]
            && dll.EndsWith(".dll", StringComparison.Ordinal) && !File.Exists(Path.Combine(i.App.Folder, dll)));
        if (missing is not null)
            throw new StartException(
                $"{missing.Name} is not built ({missing.Command[1]} in {missing.App.Folder}). Run `dotnet build`.");
    }

    static string NewToken() => RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
