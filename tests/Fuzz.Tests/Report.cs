using System.Globalization;
using System.Text;

namespace Ticketing.Fuzz.Tests;

/// <summary>The results of one suite.</summary>
sealed class Report(string suite)
{
    /// <summary>Failures reported in full per route and kind; the rest are only counted.</summary>
    const int ToldMax = 2;

    sealed class RouteTally
    {
        public int Inputs, Good;
        public int[] Classes { get; } = new int[6];
        public HashSet<int> Statuses { get; } = [];
        public bool IsReached { get; set; }
    }

    readonly SortedDictionary<string, RouteTally> routes = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, (int Count, List<string> Told)> faults = new(StringComparer.Ordinal);

    public string Suite => suite;
    public TimeSpan Took { get; set; }
    public int Inputs => routes.Values.Sum(route => route.Inputs);
    /// <summary>Why the run was aborted; null if it ran to its end.</summary>
    public string? Stopped { get; set; }

    public void Count(FuzzInput input, Answer answer, bool isReached)
    {
        if (!routes.TryGetValue(input.Route.Name, out var tally))
            routes[input.Route.Name] = tally = new();
        tally.Inputs++;
        tally.Good += input.IsGood ? 1 : 0;
        tally.Classes[Math.Min(answer.Status / 100, 5)]++;
        tally.Statuses.Add(answer.Status);
        tally.IsReached |= input.IsGood && isReached;
    }

    public void Fault(FuzzInput input, string fault, Func<string> story)
    {
        var key = $"{input.Route.Name}: {fault.Split('\n')[0]}";
        var (count, told) = faults.TryGetValue(key, out var known) ? known : (0, []);
        if (told.Count < ToldMax)
            told.Add(story());
        faults[key] = (count + 1, told);
    }

    /// <summary>All failures; empty if there are none.</summary>
    public string Faults => string.Join('\n', faults.Select(fault =>
        $"{fault.Value.Count} times: {fault.Key}\n{string.Join('\n', fault.Value.Told)}"));

    public int FaultCount => faults.Values.Sum(fault => fault.Count);

    /// <summary>Routes whose valid example was never accepted: their other inputs test nothing.</summary>
    public IEnumerable<string> Unreached(Func<string, bool> isExpected) =>
        routes.Where(route => !route.Value.IsReached && !isExpected(route.Key)).Select(route =>
            $"{route.Key} answered its good example {route.Value.Good} times, "
                + $"all in all {string.Join(' ', route.Value.Statuses.Order())}");

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{suite}: {Inputs} inputs in {Took.TotalSeconds:0.0} s, {FaultCount} faults");
        text.AppendLine("  inputs  good closed  2xx   3xx   4xx   5xx");
        foreach (var (name, tally) in routes)
        {
            int[] numbers = [tally.Inputs, tally.Good, tally.Classes[0], .. tally.Classes[2..]];
            text.Append("  ").AppendJoin("", numbers.Select(number => $"{number,6}")).Append("  ").AppendLine(name);
        }
        return text.ToString();
    }
}
