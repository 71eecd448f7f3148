using System.Text.Json;
using Npgsql;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>
/// Searches a table of PostgreSQL with its own text search, for more listings than the memory of one machine holds. Every
/// replica writes what it learns; of two versions of a ticket the newer stays.
/// </summary>
public sealed class PostgresSearch(NpgsqlDataSource database, Catalog catalog) : ITicketSearch
{
    /// <summary>Connections of one replica.</summary>
    public const int PoolMax = 4;

    public async Task<CatalogPage> Search(CatalogQuery query, CancellationToken ct)
    {
        if (!catalog.IsComplete)
            throw new TryAgainException("The catalog is still being read.");
        try
        {
            await using var command = Command(query);
            await using var rows = await command.ExecuteReaderAsync(ct);
            var found = new List<TicketSnapshot>();
            while (await rows.ReadAsync(ct))
                found.Add(JsonSerializer.Deserialize(rows.GetString(0), ContractsJson.Default.TicketSnapshot)!);
            return CatalogPage.Of(found, query);
        }
        catch (NpgsqlException e)
        {
            throw new TryAgainException("The search does not answer.", e);
        }
    }

    NpgsqlCommand Command(CatalogQuery query)
    {
        var rank = query.Sort switch { SortBy.Price => "price", SortBy.Date => "starts", _ => "listed" };
        var command = database.CreateCommand();
        List<string> conditions = ["is_open"];
        void Add(string condition, params ReadOnlySpan<object> values)
        {
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });
            conditions.Add(condition.Replace("?1", $"${command.Parameters.Count - values.Length + 1}", StringComparison.Ordinal)
                .Replace("?2", $"${command.Parameters.Count}", StringComparison.Ordinal));
        }

        Add("starts > ?1", query.Now.UtcTicks);
        if (query.Currency is { } currency)
            Add("currency = ?1", currency);
        if (query.MaxPrice is { } max)
            Add("price <= ?1", max);
        if (query.NotBefore is { } moment)
        {
            Add("starts >= ?1", moment.UtcTicks);
            Add("starts < ?1", Listing.Undated);
        }
        if (!query.Words.IsEmpty)
            Add("words @@ ?1::tsquery", PostgresWords.Query(query.Words));
        if (query.After is { } last)
            Add($"({rank}, id) > (?1, ?2)", last.Rank, last.Id.Value);
        command.CommandText = $"""
            SELECT snapshot FROM ticket_search WHERE {string.Join(" AND ", conditions)}
            ORDER BY {rank}, id LIMIT {query.Limit + 1}
            """;
        return command;
    }
}
