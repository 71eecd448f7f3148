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

/// <summary>Payments in this process, with a local Stripe that calls its webhook, and a stub for orders.</summary>
public sealed class PaymentsHost : IAsyncDisposable
{
    public const string Buyer = "buyer", WebhookSecret = "whsec_test";
    const int CountedMax = 1_000;
    public static readonly Money Price = new(4550, "usd");

    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("payments-stripe");
    readonly string stripeUrl = $"http://127.0.0.1:{AnyPort.Next()}";
    readonly Dictionary<OrderId, Queue<OrderSnapshot?>> orders = [];
    WebApplication stripe = null!;
    TimeProvider? clock;
    long bookVersion;

    public ServiceHost Service { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    public HttpClient Stripe { get; }
    public Uri StripeUrl => new(stripeUrl);
    /// <summary>The answers of orders to queries; without one, orders is unreachable.</summary>
    public IReadOnlyDictionary<OrderId, Queue<OrderSnapshot?>> Orders => orders;

    PaymentsHost() => Stripe = new() { BaseAddress = StripeUrl };

    public static async Task<PaymentsHost> Open(
        TimeProvider? clock = null, InMemoryStore? store = null, params string[] settings)
    {
        var payments = new PaymentsHost { clock = clock };
        payments.Service = await ServiceHost.Start(PaymentsApp.Build, payments.Configure, store, clock, settings);
        payments.Client = payments.Service.As(Buyer);
        payments.stripe = StripeServer.Server.Build(["--urls", payments.stripeUrl, "--data", payments.data.FullName,
            "--webhook", new Uri(payments.Service.Address, "/api/payments/webhooks/stripe").ToString(),
            "--webhook-secret", WebhookSecret, "--Logging:LogLevel:Default", "Error"], clock);
        await payments.stripe.StartAsync();
        return payments;
    }

    /// <summary>The service once more, over an empty store; its webhook has another address, so it gets no events.</summary>
    public async Task Reopen()
    {
        await Service.DisposeAsync();
        Service = await ServiceHost.Start(PaymentsApp.Build, Configure, null, clock);
        Client = Service.As(Buyer);
    }

    public OrderSnapshot Snapshot(OrderId id, OrderStatus status) => new()
    {
        Id = id, TicketId = id.TicketId, BookVersion = Interlocked.Increment(ref bookVersion),
        Buyer = UserId.Parse(Buyer, null),
        Seller = UserId.Parse("seller", null), Title = "A show", Price = Price, TermsVersion = 1, Status = status,
        ExpiresAt = DateTimeOffset.UtcNow.AddMinutes(15), CreatedAt = DateTimeOffset.UtcNow,
    };

    /// <summary>Publishes an order that can be paid.</summary>
    public async Task<OrderId> Order(OrderStatus status = OrderStatus.AwaitingPayment)
    {
        var id = new OrderId(TicketId.From(Guid.NewGuid().ToByteArray()), 1);
        await Deliver(id, status);
        return id;
    }

    public Task<string> Deliver(OrderId id, OrderStatus status) => Deliver(Snapshot(id, status));

    /// <returns>The outcome in the acknowledgement.</returns>
    public async Task<string> Deliver(OrderSnapshot order)
    {
        var answer = await Service.Deliver(Event.Of(OrderEvents.For(order.Status), order));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString()!;
    }

    public void OrdersAnswers(OrderId id, params OrderSnapshot?[] answers) => orders[id] = new(answers);

    public Task<HttpResponseMessage> Pay(OrderId order, string? card = null, HttpClient? client = null) =>
        (client ?? Client).PostAsJsonAsync("/api/payments", new { orderId = order.ToString(), paymentMethod = card });

    public async Task<JsonElement> Paid(OrderId order, string? card = "pm_card_visa")
    {
        var answer = await Pay(order, card);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<Payment> Stored(OrderId order) =>
        (await Service.Services.GetRequiredService<AggregateStore<Payment>>().Find(order))!;

    /// <summary>Waits until the payment has this status and no pending call to Stripe.</summary>
    public Task WaitFor(OrderId order, PaymentStatus status) => Eventually.Is(async () =>
        await Stored(order) is { Pending: null } payment && payment.Status == status);

    /// <summary>Waits for an event, which is published beside the answer to the caller.</summary>
    public Task WaitForEvent(OrderId order, string type) => Eventually.Is(() =>
        Service.Sidecar.Published.Any(message => message.Subject == order && message.Type == type));

    public async Task Fault(string on, string kind, int times = 1, int milliseconds = 0) => Assert.True(
        (await Stripe.PostAsJsonAsync("/local/faults", new { on, @do = kind, times, milliseconds }))
            .IsSuccessStatusCode);

    /// <summary>Begins to count the reads of PaymentIntents: a fault without effect, of which Stripe counts the uses.</summary>
    public Task CountReads() => Fault("retrieve", "delay", CountedMax);

    public async Task<int> Reads() => CountedMax - (await Stripe.GetFromJsonAsync<JsonElement>("/local/faults"))
        .EnumerateArray().Single(rule => rule.GetProperty("on").GetString() == "retrieve")
        .GetProperty("times").GetInt32();

    public Task<HttpResponseMessage> ClearFaults() => Stripe.DeleteAsync("/local/faults");

    /// <summary>The sums captured, refunded and held, from the ledger of the local Stripe.</summary>
    public async Task<(long Captured, long Refunded, long Held)> Ledger(OrderId? order = null)
    {
        var intent = order is { } id ? $"?paymentIntent={(await Stored(id)).StripeId}" : "";
        var ledger = await Stripe.GetFromJsonAsync<JsonElement>("/ledger" + intent);
        var held = ledger.GetProperty("balances").TryGetProperty("held", out var sum) ? sum.GetInt64() : 0;
        return (ledger.GetProperty("captured").GetInt64(), ledger.GetProperty("refunded").GetInt64(), held);
    }

    /// <summary>A call to Stripe's API with the shop's secret key or the browser's publishable key.</summary>
    public async Task<JsonElement> AskStripe(string path, object? form = null, string key = "sk_test_x")
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Headers.Authorization = new("Bearer", key);
        if (form is not null)
            request.Content = new FormUrlEncodedContent(form as IReadOnlyDictionary<string, string>
                ?? form.GetType().GetProperties().ToDictionary(field => field.Name, field => (string)field.GetValue(form)!));
        return await (await Stripe.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Confirms with the client secret, as the buyer's browser does.</summary>
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
        await Service.DisposeAsync();
        await stripe.StopAsync();
        await stripe.DisposeAsync();
        Stripe.Dispose();
        data.Delete(recursive: true);
    }
}
