namespace Ticketing.Testing;

/// <summary>The pages with measured parts: each part stands between two comments that name it.</summary>
public static class MeasuredPages
{
    static readonly string[] All = ["README.md", "docs/measured.md"];

    /// <summary>Writes a part anew, on the page that has it.</summary>
    /// <param name="name">As in <c>&lt;!-- name --&gt;</c> … <c>&lt;!-- /name --&gt;</c>.</param>
    /// <exception cref="InvalidDataException">No page has such a part.</exception>
    public static void Write(string name, string markdown)
    {
        var (open, close) = ($"<!-- {name} -->\n", $"<!-- /{name} -->");
        foreach (var path in All.Select(Repository.At))
        {
            var page = File.ReadAllText(path);
            var from = page.IndexOf(open, StringComparison.Ordinal);
            var to = page.IndexOf(close, StringComparison.Ordinal);
            if (from < 0 || to < from) continue;
            File.WriteAllText(path, $"{page[..(from + open.Length)]}\n{markdown.Trim('\n')}\n\n{page[to..]}");
            return;
        }

        throw new InvalidDataException($"No page has a part called {name}.");
    }
}
