using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stripe;
using Ticketing.Testing;

namespace Ticketing.StripeServer.Tests;

public sealed class WebhookTests : IAsyncLifetime
{
    const string Old = "whsec_old", New = "whsec_new";

    readonly WebApplication endpoint = Endpoint();
    readonly ConcurrentQueue<(string Body, string Signature)> received = new();
    readonly ConcurrentQueue<int> answers = new();
    LocalStripe stripe = null!;

    IEnumerable<string> Types => received.Select(message => EventUtility.ParseEvent(message.Body).Type);

    public async ValueTask InitializeAsync()
    {
        endpoint.MapPost("/hook", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            received.Enqueue((await reader.ReadToEndAsync(), request.Headers["Stripe-Signature"].ToString()));
            return Results.StatusCode(answers.TryDequeue(out var status) ? status : 200);
        });
        await endpoint.StartAsync();
        stripe = await LocalStripe.Start(
            null, "--webhook", endpoint.Urls.Single() + "/hook", "--webhook-secret", $"{Old},{New}");
    }

    public async ValueTask DisposeAsync()
    {
        await stripe.DisposeAsync();
        await endpoint.DisposeAsync();
    }

    [Fact]
    public async Task Every_change_is_told_signed_with_each_secret()
    {
        var held = await stripe.Open("pm_card_visa");
        await stripe.Client.V1.PaymentIntents.CaptureAsync(held.Id);
        await Eventually.Is(() => Types.Contains("payment_intent.succeeded") && Types.Contains("charge.captured"));

        string[] told = ["payment_intent.created", "payment_intent.amount_capturable_updated", "charge.succeeded"];
        Assert.All(told, type => Assert.Contains(type, Types));
        foreach (var (body, signature) in received)
        {
            foreach (var secret in (string[])[Old, New])
                Assert.Equal(Types.Count(),
                    received.Count(message => EventUtility.ConstructEvent(body, signature, secret) is not null));
            Assert.Throws<StripeException>(() => EventUtility.ConstructEvent(body, signature, "whsec_wrong"));
        }

        var succeeded = received.Select(message => EventUtility.ParseEvent(message.Body))
            .Single(e => e.Type is "payment_intent.succeeded");
        var about = Assert.IsType<PaymentIntent>(succeeded.Data.Object);
        Assert.Equal((held.Id, "succeeded", "o-1"), (about.Id, about.Status, about.Metadata["orderId"]));
        Assert.Equal(succeeded.Type, (await stripe.Client.V1.Events.GetAsync(succeeded.Id)).Type);
    }

    [Fact]
    public async Task An_event_is_sent_again_until_it_is_taken()
    {
        answers.Enqueue(500);
        answers.Enqueue(503);
        await stripe.Open();
        await Eventually.Is(() => received.Count is 3);
        Assert.Single(received.Select(message => EventUtility.ParseEvent(message.Body).Id).Distinct());
    }

    [Fact]
    public async Task Events_can_be_dropped_doubled_and_held_back()
    {
        await stripe.Fault("webhook:payment_intent.created", "drop");
        await stripe.Fault("webhook:charge.succeeded", "duplicate");
        await stripe.Fault("webhook:payment_intent.amount_capturable_updated", "hold");
        var held = await stripe.Open("pm_card_visa");
        await stripe.Client.V1.PaymentIntents.CaptureAsync(held.Id);
        await Eventually.Is(() => Types.Contains("payment_intent.succeeded"));

        Assert.Equal("1", await (await stripe.Http.PostAsync("/local/webhooks/release", null))
            .Content.ReadAsStringAsync());
        await Eventually.Is(() => Types.Contains("payment_intent.amount_capturable_updated"));
        Assert.Equal("payment_intent.amount_capturable_updated", Types.Last());   // out of order: after succeeded
        Assert.Equal(2, Types.Count(type => type is "charge.succeeded"));
        Assert.DoesNotContain("payment_intent.created", Types);
    }

    [Fact]
    public async Task An_event_can_come_late_and_once_more()
    {
        await stripe.Fault("webhook:payment_intent.created", "late", milliseconds: 300);
        await stripe.Open("pm_card_visa");
        await Eventually.Is(() => Types.Contains("payment_intent.created"));
        Assert.Equal("payment_intent.created", Types.Last());

        var id = EventUtility.ParseEvent(received.Last().Body).Id;
        Assert.True((await stripe.Http.PostAsync($"/local/webhooks/{id}/resend", null)).IsSuccessStatusCode);
        await Eventually.Is(() => received.Count(message => EventUtility.ParseEvent(message.Body).Id == id) is 2);
    }

    static WebApplication Endpoint()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        return builder.Build();
    }
}
