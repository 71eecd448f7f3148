using System.Globalization;

namespace Ticketing.Fuzz.Tests;

/// <summary>
/// Settings from the environment: <c>FUZZ_SEED</c>, <c>FUZZ_COUNT</c> (inputs of all suites together) and
/// <c>FUZZ_ONLY</c> (<c>suite:index</c>, the one input to send).
/// </summary>
public sealed record FuzzSettings(int Seed, int Count, string? OnlySuite = null, int OnlyIndex = -1)
{
    public const int SeedDefault = 20_300_101, CountDefault = 20_000;

    public bool IsReplay => OnlyIndex >= 0;

    public static FuzzSettings FromEnvironment()
    {
        var settings = new FuzzSettings(
            Number("FUZZ_SEED") ?? SeedDefault, Number("FUZZ_COUNT") ?? CountDefault);
        return Environment.GetEnvironmentVariable("FUZZ_ONLY")?.Split(':') is [var suite, var index]
            ? settings with { OnlySuite = suite, OnlyIndex = int.Parse(index, CultureInfo.InvariantCulture) }
            : settings;
    }

    /// <summary>The random numbers of one input, which depend only on the seed, the suite and the index.</summary>
    public Random RandomOf(string suite, int index)
    {
        var mixed = (uint)Seed;
        foreach (var c in suite)
            mixed = (mixed ^ c) * 16_777_619;
        mixed = (mixed ^ (uint)index) * 2_654_435_761;
        return new((int)(mixed ^ (mixed >> 15)));
    }

    static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

static class RandomChoices
{
    extension(Random random)
    {
        public T Of<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

        public bool Chance(int percent) => random.Next(100) < percent;
    }
}
