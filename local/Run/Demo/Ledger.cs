using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Run.Demo;

/// <summary>The books of the local Stripe server: what happened to the money, whatever the services believe.</summary>
sealed record Ledger(Uri Page)
{
    static readonly HttpClient Http = new();
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>Beside the payment script when that comes from this machine; null with Stripe itself.</summary>
    public static async Task<Ledger?> Of(Customer anyone, CancellationToken ct)
    {
        var script = new Uri((await anyone.Get("/api/payments/config", ct)).Must(200).Text("scriptUrl"));
        return script.IsLoopback ? new Ledger(new Uri(script, "/ledger")) : null;
    }

    /// <exception cref="BrokenPromiseException">The books say something else.</exception>
    public async Task MustShow(string payment, long captured, long refunded, CancellationToken ct)
    {
        var page = $"{Page}?paymentIntent={payment}";
        await Narrator.Eventually(
            async () => new Answer("GET /ledger", 200, await Http.GetFromJsonAsync<JsonElement>(page, ct)),
            books => books.Number("captured") == captured && books.Number("refunded") == refunded,
            Soon, $"captured {captured}, refunded {refunded}", ct);
    }
}
