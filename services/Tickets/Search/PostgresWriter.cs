using System.Text.Json;
using Npgsql;
using Ticketing.Contracts;

namespace Ticketing.Tickets;

/// <summary>Writes the catalog's changes into the table that <see cref="PostgresSearch"/> reads, in groups.</summary>
public sealed class PostgresWriter : BackgroundService
{
    const int RowsAtOnce = 1_000;
    static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1), BegunInterval = TimeSpan.FromMinutes(1);

    const string Table = """
        CREATE TABLE IF NOT EXISTS ticket_search (
          id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, is_open boolean NOT NULL, price bigint NOT NULL,
          starts bigint NOT NULL, listed bigint NOT NULL, words tsvector NOT NULL, snapshot text NOT NULL);
        ALTER TABLE ticket_search ADD COLUMN IF NOT EXISTS currency text NOT NULL DEFAULT '';
        CREATE INDEX IF NOT EXISTS ticket_search_listed ON ticket_search (listed, id) WHERE is_open;
        CREATE INDEX IF NOT EXISTS ticket_search_currency ON ticket_search (currency, price, id) WHERE is_open;
        DROP INDEX IF EXISTS ticket_search_price;
        CREATE INDEX IF NOT EXISTS ticket_search_starts ON ticket_search (starts, id) WHERE is_open;
        CREATE INDEX IF NOT EXISTS ticket_search_words ON ticket_search USING gin (words) WHERE is_open;
        """;

    // No event tells that a show begins. A search leaves these rows out by itself; here they leave its indexes.
    const string CloseBegun = "UPDATE ticket_search SET is_open = false WHERE is_open AND starts <= $1";

    // An older version, from a replica that is behind, changes nothing. A row that an earlier build has written lacks the
    // currency, or has that of a version before.
    const string Upsert = """
        INSERT INTO ticket_search AS t (id, version, is_open, price, starts, listed, words, snapshot, currency)
        SELECT id, version, is_open, price, starts, listed, words::tsvector, snapshot, currency
        FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::text[],
          $9::text[]) AS r (id, version, is_open, price, starts, listed, words, snapshot, currency)
        ON CONFLICT (id) DO UPDATE SET version = excluded.version, is_open = excluded.is_open, price = excluded.price,
          starts = excluded.starts, listed = excluded.listed, words = excluded.words, snapshot = excluded.snapshot,
          currency = excluded.currency
        WHERE t.version < excluded.version OR t.version = excluded.version AND t.currency <> excluded.currency
        """;

    readonly NpgsqlDataSource database;
    readonly ILogger<PostgresWriter> log;
    readonly TimeProvider clock;
    readonly Lock gate = new();
    readonly SemaphoreSlim changed = new(0, 1);
    Dictionary<TicketId, TicketSnapshot> waiting = [];

    public PostgresWriter(NpgsqlDataSource database, Catalog catalog, ILogger<PostgresWriter> log, TimeProvider clock)
    {
        (this.database, this.log, this.clock) = (database, log, clock);
        catalog.Applied += Note;
    }

    // The newest version of each ticket waits, while the server is away too: they are in the catalog all the same.
    void Note(TicketSnapshot ticket)
    {
        lock (gate)
        {
            waiting[ticket.Id] = ticket;
            if (changed.CurrentCount == 0)
                changed.Release();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WriteChanges(stoppingToken), CloseShows(stoppingToken));

    async Task CloseShows(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(BegunInterval, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await CloseBegunShows(ct);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.SearchNotWritten(e.Message);
            }
        }
    }

    public async Task<int> CloseBegunShows(CancellationToken ct)
    {
        await using var command = database.CreateCommand(CloseBegun);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = clock.GetUtcNow().UtcTicks });
        return await command.ExecuteNonQueryAsync(ct);
    }

    async Task WriteChanges(CancellationToken stoppingToken)
    {
        var isReady = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!isReady)
                    await CreateTable(stoppingToken);
                isReady = true;
                await changed.WaitAsync(stoppingToken);
                await WriteWaiting(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                log.SearchNotWritten(e.Message);
                await Task.Delay(RetryInterval, clock, stoppingToken);
            }
        }
    }

    public async Task CreateTable(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Table);
        await command.ExecuteNonQueryAsync(ct);
    }

    async Task WriteWaiting(CancellationToken ct)
    {
        Dictionary<TicketId, TicketSnapshot> tickets;
        lock (gate)
            (tickets, waiting) = (waiting, []);
        try
        {
            foreach (var some in tickets.Values.Chunk(RowsAtOnce))
            {
                await Write(some, ct);
                foreach (var ticket in some)
                    tickets.Remove(ticket.Id);
            }
        }
        finally
        {
            foreach (var ticket in tickets.Values)
                NoteUnlessNewer(ticket);
        }
    }

    void NoteUnlessNewer(TicketSnapshot ticket)
    {
        lock (gate)
        {
            if (!waiting.ContainsKey(ticket.Id))
                Note(ticket);
        }
    }

    public async Task Write(IReadOnlyList<TicketSnapshot> tickets, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Upsert);
        void Add<T>(Func<TicketSnapshot, T> column) =>
            command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = [.. tickets.Select(column)] });
        Add(ticket => ticket.Id.Value);
        Add(ticket => ticket.Version);
        Add(ticket => ticket.Status() == TicketStatus.Open);
        Add(ticket => ticket.Price.Amount);
        Add(ticket => ticket.StartsAt?.UtcTicks ?? Listing.Undated);
        Add(ticket => -ticket.ListedAt.UtcTicks);
        Add(PostgresWords.Vector);
        Add(ticket => JsonSerializer.Serialize(ticket, ContractsJson.Default.TicketSnapshot));
        Add(ticket => ticket.Price.Currency);
        await command.ExecuteNonQueryAsync(ct);
    }
}
