namespace Ticketing.Run.Demo;

/// <summary><c>demo</c>: the journey against the shop that runs, or against one of its own with short holds.</summary>
static class DemoCommand
{
    /// <summary>Long enough for the journey's payments on a slow machine, short enough to see one end.</summary>
    const int OwnHoldSeconds = 30;

    public static async Task<int> Run(RunOptions options, CancellationToken ct)
    {
        var running = new Uri($"http://localhost:{options.Port}");
        if (options.Port != 0 && await Answers(running, ct)) return await Tell(running, ct);

        var data = Directory.CreateTempSubdirectory("ticketing-demo-");
        using var log = new ConsoleLog(Console.Out, colors: false);
        try
        {
            Console.WriteLine($"No shop answers on {running}: opening one for the occasion.");
            var hold = options.Hold ?? OwnHoldSeconds;
            var own = options with { Port = 0, AnyPorts = true, Data = data.FullName, Hold = hold };
            await using var shop = await Runner.Open(own, log, ct);
            log.HoldBack();
            await shop.Ready(ct);
            var code = await Tell(shop.Url ?? throw new StartException($"{options.File} lists no ingress."), ct);
            log.LetGo(print: code != 0);
            log.HoldBack();
            return code;
        }
        catch (StartException e)
        {
            log.LetGo(print: true);
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    static async Task<int> Tell(Uri shop, CancellationToken ct)
    {
        using var journey = new Journey(shop, new Narrator(Console.Out));
        try
        {
            await journey.Tell(ct);
            Console.WriteLine("\nEvery promise was kept.");
            return 0;
        }
        catch (Exception e) when (e is BrokenPromiseException or HttpRequestException)
        {
            Console.WriteLine($"\nA promise was broken: {e.Message}");
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
