using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Payments.Tests;

/// <summary>Payments in this process, between a local Stripe that calls its webhook and orders played here.</summary>
public sealed class Shop : IAsyncDisposable
{
    public const string Buyer = "buyer", WebhookSecret = "whsec_test";
    public static readonly Money Price = new(4550, "usd");

    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("payments-stripe");
    readonly string stripeUrl = $"http://127.0.0.1:{AnyPort.Next()}";
    readonly Dictionary<OrderId, Queue<OrderSnapshot?>> orders = [];
    WebApplication stripe = null!;
    long bookVersion;

    public ServiceHost Payments { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    public HttpClient Stripe { get; }
    public Uri StripeUrl => new(stripeUrl);
    /// <summary>What orders answers when it is asked; nothing prepared: it cannot be reached.</summary>
    public IReadOnlyDictionary<OrderId, Queue<OrderSnapshot?>> Orders => orders;

    Shop() => Stripe = new() { BaseAddress = StripeUrl };

    public static async Task<Shop> Open(
        TimeProvider? clock = null, InMemoryStore? store = null, params string[] settings)
    {
        var shop = new Shop();
        shop.Payments = await ServiceHost.Start(PaymentsApp.Build, shop.Configure, store, clock, settings);
        shop.Client = shop.Payments.As(Buyer);
        shop.stripe = StripeServer.Server.Build(["--urls", shop.stripeUrl, "--data", shop.data.FullName,
            "--webhook", new Uri(shop.Payments.Address, "/api/payments/webhooks/stripe").ToString(),
            "--webhook-secret", WebhookSecret, "--Logging:LogLevel:Default", "Error"], clock);
        await shop.stripe.StartAsync();
        return shop;
    }

    public OrderSnapshot Snapshot(OrderId id, OrderStatus status) => new()
    {
        Id = id, TicketId = id.TicketId, BookVersion = Interlocked.Increment(ref bookVersion),
        Buyer = UserId.Parse(Buyer, null),
        Seller = UserId.Parse("seller", null), Title = "A show", Price = Price, TermsVersion = 1, Status = status,
        ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(15), CreatedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>An order that waits to be paid, as its event tells.</summary>
    public async Task<OrderId> Order(OrderStatus status = OrderStatus.AwaitingPayment)
    {
        var id = new OrderId(TicketId.From(Guid.NewGuid().ToByteArray()), 1);
        await Tell(id, status);
        return id;
    }

    public Task<string> Tell(OrderId id, OrderStatus status) => Tell(Snapshot(id, status));

    /// <returns>What became of the message.</returns>
    public async Task<string> Tell(OrderSnapshot order)
    {
        var answer = await Payments.Deliver(Event.Of(OrderEvents.For(order.Status), order));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString()!;
    }

    public void OrdersSays(OrderId id, params OrderSnapshot?[] answers) => orders[id] = new(answers);

    public Task<HttpResponseMessage> Pay(OrderId order, string? card = null, HttpClient? client = null) =>
        (client ?? Client).PostAsJsonAsync("/api/payments", new { orderId = order.ToString(), paymentMethod = card });

    public async Task<JsonElement> Paid(OrderId order, string? card = "pm_card_visa")
    {
        var answer = await Pay(order, card);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<Payment> Stored(OrderId order) =>
        (await Payments.Services.GetRequiredService<AggregateStore<Payment>>().Find(order))!;

    /// <summary>Waits until the payment stands so and nothing is left to be done at Stripe.</summary>
    public Task Becomes(OrderId order, PaymentStatus status) => Eventually.Is(async () =>
        await Stored(order) is { Pending: null } payment && payment.Status == status);

    public async Task Fault(string on, string kind, int times = 1, int milliseconds = 0) => Assert.True(
        (await Stripe.PostAsJsonAsync("/local/faults", new { on, @do = kind, times, milliseconds }))
            .IsSuccessStatusCode);

    public Task<HttpResponseMessage> Heal() => Stripe.DeleteAsync("/local/faults");

    /// <summary>Captured, refunded and still held by the bank, by Stripe's own books.</summary>
    public async Task<(long Captured, long Refunded, long Held)> Ledger(OrderId? order = null)
    {
        var intent = order is { } id ? $"?paymentIntent={(await Stored(id)).StripeId}" : "";
        var ledger = await Stripe.GetFromJsonAsync<JsonElement>("/ledger" + intent);
        var held = ledger.GetProperty("balances").TryGetProperty("held", out var sum) ? sum.GetInt64() : 0;
        return (ledger.GetProperty("captured").GetInt64(), ledger.GetProperty("refunded").GetInt64(), held);
    }

    /// <summary>A call to Stripe's API with the shop's secret key, or the browser's.</summary>
    public async Task<JsonElement> AskStripe(string path, object? form = null, string key = "sk_test_x")
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = new("Bearer", key);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form.GetType().GetProperties()
                .Select(field => KeyValuePair.Create(field.Name, (string?)field.GetValue(form))));
        return await (await Stripe.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>What a buyer's browser does with the client secret.</summary>
    public Task<JsonElement> Confirm(JsonElement payment, string card) => AskStripe(
        $"/v1/payment_intents/{payment.GetProperty("stripeId").GetString()}/confirm",
        new { client_secret = payment.GetProperty("clientSecret").GetString(), payment_method = card }, "pk_test_x");

    public Task<JsonElement> Challenge(JsonElement payment, string outcome) => AskStripe(
        $"/v3/challenge/{payment.GetProperty("stripeId").GetString()}",
        new { client_secret = payment.GetProperty("clientSecret").GetString(), outcome }, "pk_test_x");

    void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(
            [new("Stripe:ApiBase", stripeUrl), new("RateLimits:Multiplier", "100")]);
        builder.Services.AddSingleton<ReadSecret>((name, _) => Task.FromResult(name switch
        {
            SessionKeys.SecretName => TestSessions.PublicKeyPem,
            "stripe-webhook-secret" => $"whsec_new, {WebhookSecret}",
            "stripe-publishable-key" => "pk_test_shop",
            _ => "sk_test_shop",
        }));
        builder.Services.AddOtherAppsStub(AnswerOfOrders);
    }

    HttpResponseMessage AnswerOfOrders(HttpRequestMessage request)
    {
        if (!OrderId.TryParse(request.RequestUri!.Segments[^1], null, out var id)
            || request.RequestUri.AbsolutePath != $"/internal/orders/{id}"
            || !orders.TryGetValue(id, out var answers))
            throw new HttpRequestException("Nobody answers.");
        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        return answer is null
            ? new(HttpStatusCode.NotFound) { Content = new StringContent("{}", null, "application/problem+json") }
            : new() { Content = JsonContent.Create(answer, ContractsJson.Default.OrderSnapshot) };
    }

    public async ValueTask DisposeAsync()
    {
        await Payments.DisposeAsync();
        await stripe.StopAsync();
        await stripe.DisposeAsync();
        Stripe.Dispose();
        data.Delete(recursive: true);
    }
}
