using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Stripe;

namespace Ticketing.StripeServer.Tests;

/// <summary>
/// The server in this process, on a free port with its own directory, and a Stripe.net client for it.
/// </summary>
public sealed class LocalStripe : IAsyncDisposable
{
    readonly WebApplication app;
    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("stripe");

    LocalStripe(TimeProvider? clock, string[] args)
    {
        app = Server.Build(
            ["--urls", "http://127.0.0.1:0", "--data", data.FullName, "--Logging:LogLevel:Default", "Warning", .. args],
            clock);
    }

    public string Url { get; private set; } = "";
    public string Data => data.FullName;
    public StripeClient Client { get; private set; } = null!;
    public HttpClient Http { get; } = new();

    public static async Task<LocalStripe> Start(TimeProvider? clock = null, params string[] args)
    {
        var stripe = new LocalStripe(clock, args);
        await stripe.app.StartAsync();
        stripe.Url = stripe.app.Urls.Single();
        stripe.Client = ClientOf(stripe.Url);
        stripe.Http.BaseAddress = new Uri(stripe.Url);
        return stripe;
    }

    /// <param name="retries">Stripe.net's own retries; none by default, so that a test sees each reply.</param>
    public static StripeClient ClientOf(string url, int retries = 0, TimeSpan? timeout = null) =>
        new(new StripeClientOptions
        {
            ApiKey = "sk_test_local",
            ApiBase = url,
            HttpClient = new SystemNetHttpClient(new() { Timeout = timeout ?? TimeSpan.FromSeconds(30) }, retries),
        });

    public Task<PaymentIntent> Open(
        string? card = null, long amount = 4550, string capture = "manual", string? key = null, string? order = null) =>
        Client.V1.PaymentIntents.CreateAsync(new PaymentIntentCreateOptions
        {
            Amount = amount,
            Currency = "usd",
            CaptureMethod = capture,
            PaymentMethod = card,
            Confirm = card is null ? null : true,
            Metadata = new() { ["orderId"] = order ?? "o-1" },
        }, Key(key));

    public async Task<JsonElement> Ledger() => await Http.GetFromJsonAsync<JsonElement>("/ledger");

    public async Task Fault(string on, string kind, int times = 1, int milliseconds = 0)
    {
        var set = await Http.PostAsJsonAsync("/local/faults", new { on, @do = kind, times, milliseconds });
        Assert.True(set.IsSuccessStatusCode);
    }

    public static RequestOptions Key(string? key) => new() { IdempotencyKey = key };

    public static async Task<StripeException> Refused(Func<Task> call) =>
        await Assert.ThrowsAsync<StripeException>(call);

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Http.Dispose();
        data.Delete(recursive: true);
    }
}
