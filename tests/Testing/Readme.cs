namespace Ticketing.Testing;

/// <summary>The measured parts of <c>README.md</c>: each stands between two comments that name it.</summary>
public static class Readme
{
    static string Path => Repository.At("README.md");

    /// <summary>Writes a part anew.</summary>
    /// <param name="name">As in <c>&lt;!-- name --&gt;</c> … <c>&lt;!-- /name --&gt;</c>.</param>
    /// <exception cref="InvalidDataException">The page has no such part.</exception>
    public static void Write(string name, string markdown) =>
        File.WriteAllText(Path, Replace(File.ReadAllText(Path), name, markdown));

    static string Replace(string page, string name, string markdown)
    {
        var (open, close) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        var from = page.IndexOf(open, StringComparison.Ordinal);
        var to = page.IndexOf(close, StringComparison.Ordinal);
        if (from < 0 || to < from) throw new InvalidDataException($"README.md has no part called {name}.");
        return $"{page[..(from + open.Length)]}\n{markdown.Trim('\n')}\n\n{page[to..]}";
    }
}
