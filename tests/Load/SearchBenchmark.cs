using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Ticketing.Contracts;
using Ticketing.Testing;
using Ticketing.Tickets;

namespace Ticketing.Load;

/// <summary>
/// A million listings: the catalog in memory beside PostgreSQL's text search, the same queries in turns.
/// </summary>
static class SearchBenchmark
{
    const int Listings = 1_000_000, AtOnce = 1_000, Queries = 200;
    static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static readonly string[] Artists = [.. Enumerable.Range(0, 5_000).Select(i => $"artist{i}")];
    static readonly string[] Kinds = ["concert", "theatre", "match", "festival", "opera", "comedy", "ballet", "talk"];

    public static async Task<int> Run(CancellationToken ct)
    {
        await using var server = await RealServer.Postgres();
        await using var database = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={server.Port};Username=postgres;Database=postgres;Command Timeout=120");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (memory, slim) = (new Catalog(), new Catalog(isSearched: false));
        var (inMemory, fill) = (TimeSpan.Zero, TimeSpan.Zero);
        var random = new Random(1);
        using var writer = new PostgresWriter(database, slim, NullLogger<PostgresWriter>.Instance, TimeProvider.System);
        await writer.CreateTable(ct);
        foreach (var some in Enumerable.Range(0, Listings).Chunk(AtOnce))
        {
            var tickets = some.Select(i => Ticket(i, random)).ToList();
            inMemory += await Timed(() => Task.Run(() => tickets.ForEach(ticket => memory.Apply(ticket)), ct));
            fill += await Timed(() => writer.Write(tickets, ct));
        }
        memory.Complete();
        slim.Complete();
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Listings;
        await using (var analyze = database.CreateCommand("ANALYZE ticket_search"))
            await analyze.ExecuteNonQueryAsync(ct);

        var table = new StringBuilder("| 1,000,000 listings | memory p50 / p99 | PostgreSQL p50 / p99 |\n| --- | --- | --- |\n");
        foreach (var (name, make) in Questions())
        {
            var (here, there) = (new Latencies(), new Latencies());
            var search = new PostgresSearch(database, slim);
            for (var i = 0; i < Queries; i++)
            {
                var query = make(random);
                var expected = await here.Time(() => Task.FromResult(memory.Search(query)));
                var found = await there.Time(() => search.Search(query, ct));
                if (!expected.Tickets.Select(ticket => ticket.Id).SequenceEqual(found.Tickets.Select(ticket => ticket.Id)))
                    throw new InvalidOperationException($"{query} finds something else in PostgreSQL.");
            }
            table.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {here.P50:0.00} / {here.P99:0.00} ms | {there.P50:0.00} / {there.P99:0.00} ms |");
        }
        table.AppendLine(CultureInfo.InvariantCulture,
            $"| filling it | {inMemory.TotalSeconds:0} s | {fill.TotalSeconds:0} s |");
        table.AppendLine(CultureInfo.InvariantCulture,
            $"| memory of the process per listing | {bytes} bytes | {await SlimBytes(ct)} bytes |");
        Console.WriteLine(table);
        MeasuredPage.Write("search", table.ToString());
        return 0;
    }

    // What stays in memory when PostgreSQL is searched.
    static Task<long> SlimBytes(CancellationToken ct) => Task.Run(() =>
    {
        var (before, random) = (GC.GetTotalMemory(forceFullCollection: true), new Random(1));
        var slim = new Catalog(isSearched: false);
        for (var i = 0; i < Listings / 10; i++)
            slim.Apply(Ticket(i, random));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (Listings / 10);
        GC.KeepAlive(slim);
        return bytes;
    }, ct);

    static IEnumerable<(string Name, Func<Random, CatalogQuery> Make)> Questions() =>
    [
        ("newest first", _ => new(SortBy.Newest, 20)),
        ("one artist", random => With(new(SortBy.Newest, 20), Artists[random.Next(Artists.Length)])),
        ("a kind of show, cheapest first", random => With(new(SortBy.Price, 20) { Currency = "usd" }, Kinds[random.Next(Kinds.Length)])),
        ("a kind of show, below a price, by date", random => With(
            new(SortBy.Date, 20, MaxPrice: 2_000, NotBefore: Start.AddDays(random.Next(300))) { Currency = "usd" },
            Kinds[random.Next(Kinds.Length)])),
        ("two letters", random => With(new(SortBy.Newest, 20), Kinds[random.Next(Kinds.Length)][..2])),
    ];

    static CatalogQuery With(CatalogQuery query, string text) => query with { Words = [.. SearchWords.InQuery(text)] };

    static async Task<TimeSpan> Timed(Func<Task> work)
    {
        var from = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(from);
    }

    static TicketSnapshot Ticket(int number, Random random) => new()
    {
        Id = new($"ticket{number}"), Version = 1, Seller = new($"seller{random.Next(100_000)}"),
        Title = $"{Artists[random.Next(Artists.Length)]} {Kinds[random.Next(Kinds.Length)]}", Venue = $"hall {random.Next(2_000)}",
        Seat = $"row {random.Next(40)} seat {random.Next(60)}", Price = new(500 + random.Next(20_000), "usd"),
        StartsAt = Start.AddHours(random.Next(24 * 365)), TermsVersion = 1, ListedAt = Start.AddSeconds(-number),
    };
}
