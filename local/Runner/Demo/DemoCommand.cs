namespace Ticketing.Run.Demo;

/// <summary><c>demo</c>: runs it against the running shop, or starts one of its own with short holds.</summary>
static class DemoCommand
{
    /// <summary>Long enough for the payments on a slow machine, short enough to wait for the end of a hold.</summary>
    const int OwnHoldSeconds = 30;

    public static async Task<int> Run(RunOptions options, CancellationToken ct)
    {
        var running = new Uri($"http://localhost:{options.Port}");
        if (options.Port != 0 && await Answers(running, ct)) return await Run(running, ct);

        var data = Directory.CreateTempSubdirectory("ticketing-demo-");
        using var log = new ConsoleLog(Console.Out, colors: false);
        try
        {
            Console.WriteLine($"No shop answers on {running}: starting one for the demo.");
            var hold = options.Hold ?? OwnHoldSeconds;
            var own = options with { Port = 0, AnyPorts = true, Data = data.FullName, Hold = hold };
            await using var system = await Runner.Start(own, log, ct);
            log.Pause();
            await system.Ready(ct);
            var code = await Run(system.Url ?? throw new StartException($"{options.File} lists no ingress."), ct);
            log.Resume(print: code != 0);
            log.Pause();
            return code;
        }
        catch (StartException e)
        {
            log.Resume(print: true);
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    static async Task<int> Run(Uri shop, CancellationToken ct)
    {
        using var demo = new PurchaseDemo(shop, new DemoOutput(Console.Out));
        try
        {
            await demo.Run(ct);
            Console.WriteLine("\nEvery step passed.");
            return 0;
        }
        catch (Exception e) when (e is DemoFailedException or HttpRequestException)
        {
            Console.WriteLine($"\nA step failed: {e.Message}");
            return 1;
        }
    }

    static async Task<bool> Answers(Uri shop, CancellationToken ct)
    {
        using var http = new HttpClient();
        try
        {
            using var answer = await http.GetAsync(new Uri(shop, "/api/tickets"), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
