namespace Ticketing.Testing;

/// <summary><c>docs/performance.md</c>: each measured part stands between two comments with its name.</summary>
public static class MeasuredPage
{
    const string Path = "docs/performance.md";

    /// <summary>Replaces the text of a part.</summary>
    /// <param name="name">As in <c>&lt;!-- name --&gt;</c> … <c>&lt;!-- /name --&gt;</c>.</param>
    /// <exception cref="InvalidDataException">The page has no such part.</exception>
    public static void Write(string name, string markdown)
    {
        var (open, close) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var file = Repository.At(Path);
        var page = File.ReadAllText(file);
        var from = page.IndexOf(open, StringComparison.Ordinal);
        var to = page.IndexOf(close, StringComparison.Ordinal);
        if (from < 0 || to < from) throw new InvalidDataException($"{Path} has no part called {name}.");
        Console.WriteLine(markdown);
        File.WriteAllText(file, $"{page[..(from + open.Length)]}\n{markdown.Trim('\n')}\n\n{page[to..]}");
    }

    /// <summary>Says why no number of this run is worth anything.</summary>
    /// <returns>The exit code.</returns>
    public static int Refuse(string why)
    {
        Console.Error.WriteLine($"No number of this run is worth anything: {why}");
        return 1;
    }
}
