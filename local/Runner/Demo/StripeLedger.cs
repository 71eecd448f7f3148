using System.Net.Http.Json;
using System.Text.Json;

namespace Ticketing.Run.Demo;

/// <summary>Reads the ledger of the local Stripe server: what was charged, independently of the services.</summary>
sealed record StripeLedger(Uri Page)
{
    static readonly HttpClient Http = new();
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    /// <summary>On the origin of the payment script if that is on this machine; null with Stripe itself.</summary>
    public static async Task<StripeLedger?> Of(Customer anyone, CancellationToken ct)
    {
        var script = new Uri((await anyone.Get("/api/payments/config", ct)).Must(200).Text("scriptUrl"));
        return script.IsLoopback ? new StripeLedger(new Uri(script, "/ledger")) : null;
    }

    /// <exception cref="DemoFailedException">The ledger has other amounts.</exception>
    public async Task MustShow(string payment, long captured, long refunded, CancellationToken ct)
    {
        var page = $"{Page}?paymentIntent={payment}";
        await DemoOutput.WaitFor(
            async () => new ApiResponse("GET /ledger", 200, await Http.GetFromJsonAsync<JsonElement>(page, ct)),
            ledger => ledger.Number("captured") == captured && ledger.Number("refunded") == refunded,
            Soon, $"captured {captured}, refunded {refunded}", ct);
    }
}
