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
        var (page, from, to) = Find(name);
        Console.WriteLine(markdown);
        File.WriteAllText(Repository.At(Path), $"{page[..from]}\n{markdown.Trim('\n')}\n\n{page[to..]}");
    }

    /// <summary>The text of a part.</summary>
    /// <inheritdoc cref="Write"/>
    public static string Read(string name)
    {
        var (page, from, to) = Find(name);
        return page[from..to].Trim('\n');
    }

    static (string Page, int From, int To) Find(string name)
    {
        var (open, close) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var page = File.ReadAllText(Repository.At(Path)).ReplaceLineEndings("\n");
        var from = page.IndexOf(open, StringComparison.Ordinal);
        var to = page.IndexOf(close, StringComparison.Ordinal);
        return from >= 0 && to > from
            ? (page, from + open.Length, to)
            : throw new InvalidDataException($"{Path} has no part called {name}.");
    }

    /// <summary>Says why no number of this run is worth anything.</summary>
    /// <returns>The exit code.</returns>
    public static int Refuse(string why)
    {
        Console.Error.WriteLine($"No number of this run is worth anything: {why}");
        return 1;
    }
}
