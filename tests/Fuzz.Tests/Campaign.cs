using System.Diagnostics;

namespace Ticketing.Fuzz.Tests;

/// <summary>One run of the fuzzer over all services, each in its own host, in parallel.</summary>
public sealed class Campaign : IAsyncLifetime
{
    const long MegaByte = 1024 * 1024;

    readonly List<(Suite Suite, Report Report)> done = [];

    public FuzzSettings Settings { get; } = FuzzSettings.FromEnvironment();
    /// <summary>Growth of the heap in bytes, after a full garbage collection.</summary>
    public long Grown { get; private set; }

    internal (Suite Suite, Report Report) Of(string suite) => done.Single(item => item.Suite.Name == suite);

    public async ValueTask InitializeAsync()
    {
        await using var others = await OtherAppsServer.Start();
        Suite[] suites =
        [
            new AuthSuite(others), new TicketsSuite(others), new OrdersSuite(others), new PaymentsSuite(others),
            new ExpirationSuite(), new WebSuite(others), new IngressSuite(others),
        ];
        foreach (var suite in suites)
            await suite.Start();
        var clock = Stopwatch.StartNew();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var share = Settings.Count / suites.Sum(suite => suite.Turns.Count) + 1;
        var reports = await Task.WhenAll(suites.Select(suite =>
            Task.Run(() => new Runner(suite, Settings).Run(share * suite.Turns.Count))));
        Grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        done.AddRange(suites.Zip(reports));
        foreach (var report in reports)
            Console.Write(report);
        var inputs = reports.Sum(report => report.Inputs);
        Console.WriteLine($"Seed {Settings.Seed}: {inputs} inputs in {clock.Elapsed.TotalSeconds:0} s, "
            + $"heap {Grown / MegaByte:+0;-0} MB");
        foreach (var suite in suites)
            await suite.DisposeAsync();
    }

    public ValueTask DisposeAsync() => default;
}
