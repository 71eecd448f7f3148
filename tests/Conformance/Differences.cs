namespace Ticketing.Conformance;

/// <summary>What came out otherwise than recorded.</summary>
sealed class Differences
{
    /// <summary>Times mean little on shared machines; that something is retried or waited for shows nevertheless.</summary>
    static readonly TimeSpan Telling = TimeSpan.FromMilliseconds(900);

    const int ShownBefore = 60;
    const int ShownMax = 300;

    readonly List<string> all = [];

    /// <summary>Each begins with where it is.</summary>
    public IReadOnlyList<string> All => all;

    /// <summary>A step, or <c>calls of /path</c>, for what the app was asked there in all.</summary>
    public string Where { get; set; } = "start";

    public void Add(string recorded, string actual)
    {
        var same = recorded.Zip(actual).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(0, same - ShownBefore);
        all.Add($"{Where}: {Short(recorded, from)} ≠ {Short(actual, from)}");
    }

    /// <summary>What took long must not be over at once.</summary>
    public void Took(TimeSpan recorded, TimeSpan actual)
    {
        if (recorded >= Telling && actual < recorded / 2) Add($"{recorded.TotalSeconds:0.0} s", $"{actual.TotalSeconds:0.0} s");
    }

    static string Short(string text, int from) =>
        $"{(from > 0 ? "…" : "")}{text[from..Math.Min(text.Length, from + ShownMax)]}{(text.Length > from + ShownMax ? "…" : "")}";
}
