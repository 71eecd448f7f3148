using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Load;

/// <summary>People who list and buy over the public HTTP API as fast as they are told to.</summary>
sealed class Market : IDisposable
{
    public const long Price = 4550;
    const int ListedAtOnce = 8, SignedUpAtOnce = 16;
    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);

    readonly HttpClient _http;
    readonly ConcurrentQueue<string> _stock = new();
    readonly List<string> _sellers = [], _buyers = [];
    int _completed;

    Market(Uri shop) => _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 2000 })
    {
        BaseAddress = shop, Timeout = AnswerWithin,
    };

    public int Completed => _completed;

    public int Buyers => _buyers.Count;

    /// <summary>What came of some time of buying.</summary>
    /// <param name="Completed">Purchases that were complete within the time.</param>
    /// <param name="Refused">Told to come again, and not done.</param>
    public sealed record Result(int Completed, int Refused, Latencies Placing, Latencies Whole);

    public static async Task<Market> Open(Uri shop, int sellers, int buyers, CancellationToken ct)
    {
        var market = new Market(shop);
        await market.SignUp(market._sellers, "seller", sellers, ct);
        await market.SignUp(market._buyers, "buyer", buyers, ct);
        return market;
    }

    async Task SignUp(List<string> people, string name, int count, CancellationToken ct)
    {
        var all = new string[count];
        await AtOnce(count, SignedUpAtOnce, async (i, each) => all[i] = await SignUp($"{name}{i}@example.com", each), ct);
        people.AddRange(all);
    }

    async Task<string> SignUp(string email, CancellationToken ct)
    {
        using var answer = await _http.PostAsJsonAsync("/api/users/signup", new { email, password = "a long password" }, ct);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0].Split('=', 2))
            .Single(cookie => cookie[0] == "ticketing-session")[1];
    }

    /// <summary>Each of so many people lists a ticket and buys it from another, one after the other.</summary>
    public async Task<Result> Trade(int people, TimeSpan span, CancellationToken ct)
    {
        var result = new Tally(span);
        await Pace.Flat(people, span, async person =>
        {
            var seller = Random.Shared.Next(_sellers.Count);
            var (ticket, due) = (await List(seller, "Row T", ct), Stopwatch.GetTimestamp());
            await result.Count(() => Purchase(person, ticket, due, result, ct));
        }, ct);
        return Ended(result);
    }

    /// <summary>Each buyer buys one listed ticket after the other.</summary>
    public async Task<Result> Buy(int people, double perSecondMax, TimeSpan span, CancellationToken ct)
    {
        await Stock((int)(perSecondMax * span.TotalSeconds), ct);
        var result = new Tally(span);
        await Pace.Flat(people, span, buyer =>
            result.Count(() => Purchase(buyer, FromStock(), Stopwatch.GetTimestamp(), result, ct)), ct);
        return Ended(result);
    }

    /// <summary>Purchases that begin at a rate, whether or not those before have ended.</summary>
    public async Task<Result> BuyAt(double perSecond, TimeSpan span, CancellationToken ct)
    {
        await Stock((int)(perSecond * span.TotalSeconds), ct);
        var result = new Tally(span);
        await Pace.Steady(perSecond, span, (i, due) =>
            result.Count(() => Purchase(i % _buyers.Count, FromStock(), due, result, ct)), ct);
        return Ended(result);
    }

    Result Ended(Tally tally)
    {
        Interlocked.Add(ref _completed, (int)tally.Whole.Count);
        return tally.Result;
    }

    /// <summary>From the click to the paid order; waits by the order's event stream, as a page does.</summary>
    async Task Purchase(int buyer, string ticket, long due, Tally tally, CancellationToken ct)
    {
        using var placed = await Place(buyer, ticket, ct);
        var id = (await Accepted(placed, ct)).GetProperty("id").GetString()!;
        tally.Placing.Add(Stopwatch.GetElapsedTime(due));
        using var order = await OrderWatch.Open(_http, Authorization(_buyers[buyer]), id, ct);
        await order.Becomes("awaitingPayment");
        using var paid = await Send(HttpMethod.Post, "/api/payments", _buyers[buyer], new { orderId = id, paymentMethod = "pm_card_visa" }, ct);
        await Accepted(paid, ct);
        await order.Becomes("complete");
        tally.Whole.Add(Stopwatch.GetElapsedTime(due));
    }

    /// <returns>The answer as it comes: placed, taken by somebody else, refused.</returns>
    public Task<HttpResponseMessage> Place(int buyer, string ticket, CancellationToken ct) =>
        Send(HttpMethod.Post, "/api/orders", _buyers[buyer], new { ticketId = ticket, expectedPrice = Price }, ct);

    public Task<HttpResponseMessage> Get(string path, CancellationToken ct, int? buyer = null) =>
        Send(HttpMethod.Get, path, buyer is { } i ? _buyers[i] : null, null, ct);

    /// <returns>The open stream; dispose it to leave.</returns>
    public Task<HttpResponseMessage> Watch(string path, CancellationToken ct) =>
        _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);

    /// <returns>The ticket's id.</returns>
    public Task<string> List(string title, CancellationToken ct) => List(Random.Shared.Next(_sellers.Count), title, ct);

    async Task<string> List(int seller, string title, CancellationToken ct)
    {
        using var listed = await Send(HttpMethod.Post, "/api/tickets", _sellers[seller], new { title, price = Price }, ct);
        return (await Accepted(listed, ct)).GetProperty("id").GetString()!;
    }

    /// <summary>Lists so many tickets, to be bought later.</summary>
    public Task Stock(int count, CancellationToken ct) => AtOnce(Math.Max(0, count - _stock.Count), ListedAtOnce,
        async (i, each) => _stock.Enqueue(await List(i % _sellers.Count, $"Seat {i}", each)), ct);

    public string FromStock() => _stock.TryDequeue(out var ticket)
        ? ticket : throw new InvalidOperationException("Sold out: list more before.");

    /// <returns>What does not fit between what was bought and what the card company says; null if all fits.</returns>
    public async Task<string?> Wrong(CancellationToken ct)
    {
        using var config = await Get("/api/payments/config", ct, buyer: 0);
        var books = new Uri(new Uri((await Accepted(config, ct)).GetProperty("scriptUrl").GetString()!), "/ledger");
        var ledger = await _http.GetFromJsonAsync<JsonElement>(books, ct);
        var (captured, due) = (ledger.GetProperty("captured").GetInt64(), Completed * Price);
        return captured == due ? null : $"{Completed} purchases completed, for {due}; captured: {captured}.";
    }

    async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? session, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (session is not null) request.Headers.Authorization = Authorization(session);
        return await _http.SendAsync(request, ct);
    }

    static AuthenticationHeaderValue Authorization(string session) => new("Bearer", session);

    static async Task<JsonElement> Accepted(HttpResponseMessage answer, CancellationToken ct) => (int)answer.StatusCode switch
    {
        < 300 => await answer.Content.ReadFromJsonAsync<JsonElement>(ct),
        429 or 503 => throw new RefusedException(),
        var status => throw new InvalidOperationException(
            $"{answer.RequestMessage?.RequestUri} answered {status}: {await answer.Content.ReadAsStringAsync(ct)}"),
    };

    static Task AtOnce(int count, int degree, Func<int, CancellationToken, Task> work, CancellationToken ct) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = ct },
        async (i, each) => await work(i, each));

    public void Dispose() => _http.Dispose();
}
