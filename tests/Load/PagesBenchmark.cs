using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Ticketing.Testing;

namespace Ticketing.Load;

/// <summary>What a visitor feels on a phone, and what the server does with many visitors of the listing page.</summary>
static class PagesBenchmark
{
    const int Tickets = 60, Visitors = 16, SaturatedShare = 2;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5), Measured = TimeSpan.FromSeconds(15);

    public static async Task<int> Run(CancellationToken ct)
    {
        var data = TestFolder.New("load");
        // All visitors come from one address here.
        await using var shop = ShopProcess.Start(
            ["--data", data], new Dictionary<string, string> { ["RateLimits__Multiplier"] = "100000" });
        var url = await shop.Ready(ct);
        using var http = new HttpClient { BaseAddress = url };
        await List(http, ct);

        // Warm-up: the phone is not the server's first visitor.
        await Visit(http, WarmUp, ct);
        var phone = await Phone.Measure(url, ct);
        var rate = (await Visit(http, Measured, ct)).Count / Measured.TotalSeconds;
        var half = await VisitAt(http, rate / SaturatedShare, Measured, ct);
        var table = string.Create(CultureInfo.InvariantCulture, $"""
            | | | bound |
            | --- | --- | --- |
            | largest paint of the listing page, phone on slow 4G, processor 4× slower | {phone.LargestPaint:0} ms | 1,200 ms |
            | layout shift | {phone.Shift:0.000} | 0.02 |
            | slowest answer to a tap or a key | {phone.Interaction:0} ms | 100 ms |
            | listing page with everything it needs, on the wire | {phone.Bytes / 1024.0:0.0} KB | 25 KB |
            | listing pages, {Visitors} visitors without a pause | {rate:0} a second | |
            | listing page at half that rate, from when it was due: p50 / p99 | {half.P50:0.0} ms / {half.P99:0.0} ms | 5 × p50 |

            """);
        Console.WriteLine(table);
        MeasuredPage.Write("pages", table);
        return phone.IsWithinBounds && half.P99 <= 5 * half.P50 ? 0 : 1;
    }

    static async Task List(HttpClient http, CancellationToken ct)
    {
        var seller = new { email = "seller@example.com", password = "a long enough password" };
        (await http.PostAsJsonAsync("/api/users/signup", seller, ct)).EnsureSuccessStatusCode();
        for (var i = 0; i < Tickets; i++)
        {
            var ticket = new { title = $"Show {i % 7}", venue = "Old Ground", seat = $"Row {i}", price = 2000 + 50 * i };
            (await http.PostAsJsonAsync("/api/tickets", ticket, ct)).EnsureSuccessStatusCode();
        }
    }

    /// <summary>Each visitor loads the page again as soon as it has come.</summary>
    static async Task<Latencies> Visit(HttpClient http, TimeSpan span, CancellationToken ct)
    {
        var taken = new Latencies();
        await Pace.Flat(Visitors, span, _ => taken.Time(() => http.GetByteArrayAsync("/", ct)), ct);
        return taken;
    }

    static async Task<Latencies> VisitAt(HttpClient http, double perSecond, TimeSpan span, CancellationToken ct)
    {
        var taken = new Latencies();
        await Pace.Steady(perSecond, span, async (_, due) =>
        {
            await http.GetByteArrayAsync("/", ct);
            taken.Add(Stopwatch.GetElapsedTime(due));
        }, ct);
        return taken;
    }
}
