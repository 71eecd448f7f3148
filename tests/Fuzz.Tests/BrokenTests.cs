using System.Globalization;
using System.Text.RegularExpressions;

namespace Ticketing.Fuzz.Tests;

/// <summary>The fuzzer against a service with deliberate bugs, to prove that it finds each kind.</summary>
public sealed partial class BrokenTests
{
    const int Inputs = 4_000;
    static readonly FuzzSettings settings = new(Seed: 11, Inputs);

    [Fact]
    public async Task Every_kind_of_mistake_is_found_and_found_again()
    {
        await using var suite = new BrokenSuite();
        await suite.Start();
        var report = await new Runner(suite, settings).Run(Inputs);
        foreach (var fault in (string[])["POST /api/throws: a 500", "POST /api/early/{id}: a 400 that changed something",
            "GET /api/repeats: a header that repeats the attacker: X-Searched",
            "GET /api/hangs-up: closed without an answer"])
            Assert.Contains(fault, report.Faults, StringComparison.Ordinal);
        Assert.Contains(report.Unreached(_ => false),
            line => line.StartsWith("GET /api/unknown/{strange}", StringComparison.Ordinal));

        var index = int.Parse(Throwing().Match(report.Faults).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var again = await new Runner(suite, settings with { OnlySuite = "broken", OnlyIndex = index }).Run(Inputs);
        Assert.Equal((1, 1), (again.Inputs, again.FaultCount));
        Assert.Contains("POST /api/throws: a 500", again.Faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_seed_makes_the_same_inputs()
    {
        await using var suite = new BrokenSuite();
        await suite.Start();
        string Shown(FuzzSettings settings, int index) =>
            Escapes.Shown(Generator.Of(suite, settings, index).Request.ToBytes(suite.Address), int.MaxValue);
        for (var i = 0; i < 500; i++)
            Assert.Equal(Shown(settings, i), Shown(settings, i));
        var same = Enumerable.Range(0, 500).Count(i => Shown(settings, i) == Shown(settings with { Seed = 8 }, i));
        Assert.InRange(same, 0, 250);
    }

    [GeneratedRegex(@"POST /api/throws: a 500\nFUZZ_SEED=11 FUZZ_ONLY=broken:([0-9]+) ")]
    private static partial Regex Throwing();
}
