using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Load;

/// <summary>People who buy as fast as they are told to, over the public HTTP API.</summary>
sealed class Market : IDisposable
{
    const long Price = 4550;
    const int ListedAtOnce = 8, AttemptsMax = 20;
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20), CompleteWithin = TimeSpan.FromSeconds(30);

    readonly Uri _shop;
    readonly ConcurrentQueue<string> _stock = new();
    readonly List<HttpClient> _sellers = [], _buyers = [];

    Market(Uri shop) => _shop = shop;

    public int Completed { get; private set; }

    /// <summary>What came of some time of buying.</summary>
    public sealed record Result(int Completed, Latencies Placing, Latencies Whole);

    public static async Task<Market> Open(Uri shop, int sellers, int buyers, CancellationToken ct)
    {
        var market = new Market(shop);
        for (var i = 0; i < sellers; i++) market._sellers.Add(await market.SignUp($"seller{i}", ct));
        for (var i = 0; i < buyers; i++) market._buyers.Add(await market.SignUp($"buyer{i}", ct));
        return market;
    }

    /// <summary>Each buyer buys one ticket after the other.</summary>
    /// <param name="perSecondMax">How many tickets to list before.</param>
    public async Task<Result> Buy(double perSecondMax, TimeSpan span, CancellationToken ct)
    {
        await Stock((int)(perSecondMax * span.TotalSeconds), ct);
        var (placing, whole, completed) = (new Latencies(), new Latencies(), 0);
        var from = Stopwatch.GetTimestamp();
        await Pace.Flat(_buyers.Count, span, async buyer =>
        {
            await Purchase(_buyers[buyer], FromStock(), Stopwatch.GetTimestamp(), placing, whole, ct);
            if (Stopwatch.GetElapsedTime(from) < span) Interlocked.Increment(ref completed);
        }, ct);
        Completed += (int)whole.Count;
        return new Result(completed, placing, whole);
    }

    /// <summary>Each of so many people lists a ticket, which another buys, one after the other.</summary>
    /// <returns>Purchases completed in that time, a second.</returns>
    public async Task<double> Trade(int people, TimeSpan span, CancellationToken ct)
    {
        var (placing, whole, completed) = (new Latencies(), new Latencies(), 0);
        var from = Stopwatch.GetTimestamp();
        await Pace.Flat(people, span, async person =>
        {
            var ticket = await List(_sellers[person % _sellers.Count], "Row T", ct);
            await Purchase(_buyers[person], ticket, Stopwatch.GetTimestamp(), placing, whole, ct);
            if (Stopwatch.GetElapsedTime(from) < span) Interlocked.Increment(ref completed);
        }, ct);
        Completed += (int)whole.Count;
        return completed / span.TotalSeconds;
    }

    public async Task<Result> BuyAt(double perSecond, TimeSpan span, CancellationToken ct)
    {
        var count = (int)(perSecond * span.TotalSeconds);
        await Stock(count, ct);
        var (placing, whole) = (new Latencies(), new Latencies());
        await Pace.Steady(perSecond, span, (i, due) =>
            Purchase(_buyers[i % _buyers.Count], FromStock(), due, placing, whole, ct), ct);
        Completed += count;
        return new Result(count, placing, whole);
    }

    /// <returns>What does not fit between what was bought and what the card company says; null if all fits.</returns>
    public async Task<string?> Wrong(CancellationToken ct)
    {
        var config = await _buyers[0].GetFromJsonAsync<JsonElement>(new Uri("/api/payments/config", UriKind.Relative), ct);
        var books = new Uri(new Uri(config.GetProperty("scriptUrl").GetString()!), "/ledger");
        var ledger = await _buyers[0].GetFromJsonAsync<JsonElement>(books, ct);
        var (captured, due) = (ledger.GetProperty("captured").GetInt64(), Completed * Price);
        return captured == due ? null : $"{Completed} purchases completed, for {due}; captured: {captured}.";
    }

    string FromStock() => _stock.TryDequeue(out var ticket)
        ? ticket : throw new InvalidOperationException("Sold out: list more before.");

    static async Task<string> List(HttpClient seller, string title, CancellationToken ct) =>
        (await Post(seller, "/api/tickets", new { title, price = Price }, ct)).GetProperty("id").GetString()!;

    static async Task Purchase(
        HttpClient buyer, string ticket, long due, Latencies placing, Latencies whole, CancellationToken ct)
    {
        var order = await Post(buyer, "/api/orders", new { ticketId = ticket, expectedPrice = Price }, ct);
        placing.Add(Stopwatch.GetElapsedTime(due));
        var id = order.GetProperty("id").GetString()!;
        await Becomes(buyer, id, "awaitingPayment", due, ct);
        await Post(buyer, "/api/payments", new { orderId = id, paymentMethod = "pm_card_visa" }, ct);
        await Becomes(buyer, id, "complete", due, ct);
        whole.Add(Stopwatch.GetElapsedTime(due));
    }

    static async Task Becomes(HttpClient buyer, string order, string status, long due, CancellationToken ct)
    {
        while (Stopwatch.GetElapsedTime(due) < CompleteWithin)
        {
            var now = await buyer.GetFromJsonAsync<JsonElement>(new Uri($"/api/orders/{order}", UriKind.Relative), ct);
            if (now.GetProperty("status").GetString() == status) return;
            await Task.Delay(Look, ct);
        }

        throw new InvalidOperationException($"{order} is not {status} after {CompleteWithin}.");
    }

    async Task Stock(int count, CancellationToken ct)
    {
        var missing = count - _stock.Count;
        if (missing <= 0) return;
        await Parallel.ForAsync(0, missing, new ParallelOptions { MaxDegreeOfParallelism = ListedAtOnce, CancellationToken = ct },
            async (i, each) => _stock.Enqueue(await List(_sellers[i % _sellers.Count], $"Seat {i}", each)));
    }

    async Task<HttpClient> SignUp(string name, CancellationToken ct)
    {
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = _shop };
        await Post(client, "/api/users/signup", new { email = $"{name}@example.com", password = "a long password" }, ct);
        return client;
    }

    /// <summary>Asks again when told to: nothing is done twice, and the time it takes counts.</summary>
    static async Task<JsonElement> Post(HttpClient client, string path, object body, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, ct);
            if (answer.IsSuccessStatusCode) return await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == AttemptsMax)
                throw new InvalidOperationException(
                    $"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ct)}");
            await Task.Delay(Look, ct);
        }
    }

    public void Dispose()
    {
        foreach (var client in _sellers.Concat(_buyers)) client.Dispose();
    }
}
