using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Search words in the form of PostgreSQL. Its dictionaries are left out, so that it finds what the catalog in memory
/// finds.
/// </summary>
static class PostgresWords
{
    /// <summary>A <c>tsvector</c>.</summary>
    public static string Vector(TicketSnapshot ticket) => string.Join(' ', SearchWords.Of(ticket).Select(Quote));

    /// <summary>A <c>tsquery</c>: of each word the whole, or all of its parts, as prefixes.</summary>
    public static string Query(IEnumerable<QueryWord> words) => string.Join(" & ", words.Select(word =>
        $"({Quote(word.Whole)}:* | ({string.Join(" & ", word.Parts.Select(part => $"{Quote(part)}:*"))}))"));

    static string Quote(string word) =>
        $"'{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";
}
