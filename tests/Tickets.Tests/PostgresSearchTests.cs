using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Tickets.Tests;

/// <summary>The same search in PostgreSQL, a real one.</summary>
public sealed class PostgresSearchTests : IAsyncLifetime
{
    static readonly string[] words =
        ["Hamlet", "ham", "O'Neill", "AC/DC", "back\\slash", "rock'n'roll", "東京公演", "ÉTÉ", "a:b", "& |", "🎭", "x", "12"];

    RealServer? server;
    string connection = "";

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(RealServer.WhyNoPostgres is not null, RealServer.WhyNoPostgres ?? "");
        server = await RealServer.Postgres();
        connection = $"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Timeout=2";
        // Its port is open a while before it answers.
        await Eventually.Is(IsUp);
    }

    async Task<bool> IsUp()
    {
        try
        {
            await using var database = NpgsqlDataSource.Create(connection);
            await using var command = database.CreateCommand("SELECT 1");
            return await command.ExecuteScalarAsync() is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task It_finds_what_the_catalog_in_memory_finds()
    {
        await using var database = NpgsqlDataSource.Create(connection);
        var (memory, random) = (new Catalog(), new Random(1));
        memory.Complete();
        using var writer = new PostgresWriter(database, memory, NullLogger<PostgresWriter>.Instance, TimeProvider.System);
        var search = new PostgresSearch(database, memory);
        await writer.CreateTable(default);
        var tickets = Enumerable.Range(0, 400).Select(i => Ticket(i % 300, version: i + 1, random)).ToList();
        foreach (var ticket in tickets)
            memory.Apply(ticket);
        foreach (var some in tickets.Chunk(300).Reverse())
            await writer.Write(some, default);      // older ones after newer ones

        for (var i = 0; i < 300; i++)
        {
            var query = Query(random);
            for (var page = 0; page < 4 && query is not null; page++)
            {
                var (expected, found) = (memory.Search(query), await search.Search(query, default));
                Assert.Equal(expected.Tickets.Select(ticket => ticket.Id), found.Tickets.Select(ticket => ticket.Id));
                Assert.Equal(expected.Next, found.Next);
                query = found.Next is { } next ? query with { After = next } : null;
            }
        }
    }

    [Fact]
    public async Task A_table_of_an_earlier_build_gets_the_currency_of_every_ticket()
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using (var before = database.CreateCommand("""
            CREATE TABLE ticket_search (
              id text COLLATE "C" PRIMARY KEY, version bigint NOT NULL, is_open boolean NOT NULL, price bigint NOT NULL,
              starts bigint NOT NULL, listed bigint NOT NULL, words tsvector NOT NULL, snapshot text NOT NULL);
            CREATE INDEX ticket_search_price ON ticket_search (price, id) WHERE is_open;
            INSERT INTO ticket_search VALUES ('t1', 1, true, 4550, 1, 1, '', '{}')
            """))
            await before.ExecuteNonQueryAsync();
        var memory = new Catalog();
        memory.Complete();
        using var writer = new PostgresWriter(database, memory, NullLogger<PostgresWriter>.Instance, TimeProvider.System);
        await writer.CreateTable(default);
        await writer.CreateTable(default);
        var (search, query) = (new PostgresSearch(database, memory), new CatalogQuery(SortBy.Price, 10) { Currency = "usd" });
        Assert.Empty((await search.Search(query, default)).Tickets);
        await writer.Write([Some.Open.Snapshot()], default);
        Assert.Single((await search.Search(query, default)).Tickets);
    }

    [Fact]
    public async Task A_show_that_has_begun_leaves_its_indexes_and_a_moved_one_comes_back()
    {
        await using var database = NpgsqlDataSource.Create(connection);
        var (memory, clock) = (new Catalog(), new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Some.Noon));
        memory.Complete();
        using var writer = new PostgresWriter(database, memory, NullLogger<PostgresWriter>.Instance, clock);
        await writer.CreateTable(default);
        var ticket = Some.Open.Snapshot();
        await writer.Write([ticket], default);
        Assert.Equal(0, await writer.CloseBegunShows(default));
        clock.SetUtcNow(ticket.StartsAt!.Value);
        Assert.Equal(1, await writer.CloseBegunShows(default));
        var (search, query) = (new PostgresSearch(database, memory), new CatalogQuery(SortBy.Newest, 10));
        Assert.Empty((await search.Search(query, default)).Tickets);
        await writer.Write([ticket with { Version = 2, StartsAt = ticket.StartsAt.Value.AddDays(1) }], default);
        Assert.Single((await search.Search(query, default)).Tickets);
    }

    [Fact]
    public async Task The_service_searches_it_if_it_is_configured_and_answers_503_without_it()
    {
        var service = new TicketsHost { SearchConnection = connection };
        await service.InitializeAsync();
        var id = (await service.List("seller", TicketsHost.Hamlet("Ophelia"))).Text("id");
        await Eventually.Is(async () => (await service.Get("/api/tickets?q=oph")).Ids().SequenceEqual([id]));
        (await service.Host.As("seller").DeleteAsync($"/api/tickets/{id}")).EnsureSuccessStatusCode();
        await Eventually.Is(async () => !(await service.Get("/api/tickets?q=oph")).Ids().Any());

        await server!.DisposeAsync();
        server = null;
        await service.Get("/api/tickets?q=oph", HttpStatusCode.ServiceUnavailable);
        await service.List("seller");       // listing needs no search
        await service.DisposeAsync();
    }

    static TicketSnapshot Ticket(int number, int version, Random random) =>
        Some.In(random.Next(4) switch { 0 => "sold", 1 => "locked", _ => "open" }).Snapshot() with
        {
            Id = new($"t{number}"),
            Version = version,
            Title = $"{Word(random)} {Word(random)}",
            Venue = random.Next(2) == 0 ? null : Word(random),
            Price = new(random.Next(20), Currency(random)),
            StartsAt = random.Next(3) == 0 ? null : Some.Noon.AddDays(random.Next(20)),
            ListedAt = Some.Noon.AddMinutes(random.Next(100)),
        };

    static CatalogQuery? Query(Random random) => new(
        (SortBy)random.Next(3), 1 + random.Next(20), null, random.Next(2) == 0 ? null : random.Next(20),
        random.Next(2) == 0 ? null : Some.Noon.AddDays(random.Next(20)))
    {
        Currency = Currency(random),
        Now = random.Next(2) == 0 ? default : Some.Noon.AddDays(random.Next(20)),
        Words = [.. SearchWords.InQuery(random.Next(4) switch
        {
            0 => "",
            1 => Word(random)[..1],
            2 => Word(random),
            _ => $"{Word(random)} {Word(random)}",
        })],
    };

    static string Currency(Random random) => random.Next(3) switch { 0 => "usd", 1 => "jpy", _ => "gbp" };

    static string Word(Random random) => words[random.Next(words.Length)];
}
