using System.Text;
using System.Text.Json.Nodes;
using Stripe;
using Ticketing.Contracts;

namespace Ticketing.Payments.Tests;

/// <summary>Events as Stripe sends them, signed.</summary>
static class SignedEvents
{
    public static JsonObject Of(string type, JsonNode? about, string? id = null) => new()
    {
        ["id"] = id ?? $"evt_{Guid.NewGuid():N}", ["object"] = "event",
        ["api_version"] = StripeConfiguration.ApiVersion, ["created"] = 1, ["livemode"] = false, ["type"] = type,
        ["pending_webhooks"] = 1, ["data"] = new JsonObject { ["object"] = about },
    };

    public static Task<HttpResponseMessage> Send(this PaymentsHost payments, JsonObject news) =>
        payments.Send(news.ToJsonString());

    public static async Task<HttpResponseMessage> Send(
        this PaymentsHost payments, string body, string path = "/api/payments/webhooks/stripe")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Stripe-Signature", EventUtility.GenerateSignatureHeader(body, PaymentsHost.WebhookSecret));
        return await payments.Service.Anonymous.SendAsync(request);
    }

    /// <summary>The PaymentIntent as Stripe has it now.</summary>
    public static async Task<JsonNode> Intent(this PaymentsHost payments, OrderId order) => JsonNode.Parse(
        (await payments.AskStripe($"/v1/payment_intents/{(await payments.Stored(order)).StripeId}")).GetRawText())!;

    /// <summary>A charge of the PaymentIntent, with the members that an event has.</summary>
    public static JsonObject ChargeOf(JsonNode intent, string id = "ch_told") => new()
    {
        ["id"] = id, ["object"] = "charge", ["payment_intent"] = (string?)intent["id"],
        ["metadata"] = intent["metadata"]!.DeepClone(),
    };
}
