using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Payments;
using Ticketing.Testing;

namespace Ticketing.Fuzz.Tests;

/// <summary>Payments at a local Stripe. Half of the orders are unpaid, half have an open payment.</summary>
sealed class PaymentsSuite(OtherAppsServer others) : Suite
{
    const int Paid = 60;

    readonly DirectoryInfo data = Directory.CreateTempSubdirectory("fuzz-stripe");
    readonly string stripeUrl = $"http://127.0.0.1:{AnyPort.Next()}";
    readonly Dictionary<int, string> intents = [], names = [];
    WebApplication stripe = null!;

    public override string Name => "payments";

    public override int NumberFor(FuzzRoute route, Random random) =>
        route.IsSafe || route.Text.Contains("webhook", StringComparison.Ordinal) ? random.Next(Paid) : random.Next(Pool);

    public override string? Text(string name, int number) => name == "paymentMethod"
        ? number % 9 == 8 ? "pm_card_chargeDeclined" : "pm_card_visa" : null;

    public override void Complete(RequestDraft draft, int number)
    {
        if (!draft.Route.Text.EndsWith("/stripe", StringComparison.Ordinal))
            return;
        draft.Json = Node.Of(JsonElement.Parse($$"""
            {"id":"evt_{{number}}","object":"event","api_version":"{{Stripe.StripeConfiguration.ApiVersion}}",
             "created":1,"livemode":false,
             "type":"payment_intent.amount_capturable_updated","pending_webhooks":1,"data":{"object":{
             "id":"{{intents[number % Paid]}}", "object":"payment_intent", "amount":4550, "currency":"usd",
             "status":"requires_capture",
             "created":1, "livemode":false, "client_secret":"pi_1_secret_2",
             "metadata":{"orderId":"{{Order(number)}}","payment":"{{names[number % Paid]}}" }, "latest_charge":null} } }
            """));
        draft.ContentType = "application/json";
        draft.Set("Stripe-Signature", "{signature}");
    }

    protected override async Task Open()
    {
        var host = await Add(PaymentsApp.Build, Configure, "--Stripe:ApiBase=" + stripeUrl);
        stripe = StripeServer.Server.Build(["--urls", stripeUrl, "--data", data.FullName, "--webhook",
            new Uri(host.Address, "/api/payments/webhooks/stripe").ToString(), "--webhook-secret", "whsec_other", "--Logging:LogLevel:Default", "None"]);
        await stripe.StartAsync();
        using var buyer = host.As(Buyer(0));
        for (var number = 0; number < Pool; number++)
        {
            await host.Deliver(Event.Of(OrderEvents.AwaitingPayment, Snapshot(number)));
            if (number >= Paid)
                continue;
            using var opened = await buyer.PostAsJsonAsync("/api/payments", new { orderId = Order(number) });
            intents[number] = (await opened.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("stripeId").GetString()!;
            names[number] = (await host.Services.GetRequiredService<AggregateStore<Payment>>().Find(Order(number)))!.Name!;
        }
    }

    OrderSnapshot Snapshot(int number) => new()
    {
        Id = OrderId.Parse(Order(number)), TicketId = new(Ticket(number)), BookVersion = 2,
        Buyer = new(Buyer(number)), Seller = new(Seller(number)), Title = "Hamlet", Price = new(4550, "usd"), TermsVersion = 1, Status = OrderStatus.AwaitingPayment,
        ExpiresAt = new(2031, 1, 1, 0, 0, 0, TimeSpan.Zero), CreatedAt = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    void Configure(WebApplicationBuilder builder)
    {
        others.ServeFor(builder);
        builder.Services.AddSingleton<ReadSecret>((name, _) => Task.FromResult(name switch
        {
            SessionKeys.SecretName => TestSessions.PublicKeyPem,
            "stripe-webhook-secret" => Runner.WebhookSecret,
            "stripe-publishable-key" => "pk_test_shop",
            _ => "sk_test_shop",
        }));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await stripe.DisposeAsync();
        data.Delete(recursive: true);
    }
}
