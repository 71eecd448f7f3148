using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Stripe;

namespace Ticketing.Simulation.Costs;

/// <summary>
/// Stripe's side of Stripe.net: payment intents whose every confirmation succeeds. It answers at once, so that a call
/// never leaves the simulated world's thread.
/// </summary>
sealed class CountedStripe(Tally tally) : IHttpClient
{
    readonly Dictionary<string, JsonObject> intents = [];

    public Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        tally.Add("payments", Cost.Stripe, $"{request.Method} {request.Uri.AbsolutePath}");
        var form = HttpUtility.ParseQueryString(request.Content?.ReadAsStringAsync(cancellationToken).Result ?? "");
        var intent = Intent(request.Uri.AbsolutePath.Split('/'), form["amount"], form["metadata[orderId]"]);
        var verb = form["confirm"] == "true" ? "confirm" : request.Uri.Segments[^1];
        if (verb is "confirm" or "capture")
            intent["status"] = verb == "confirm" ? "requires_capture" : "succeeded";
        return Task.FromResult(new StripeResponse(HttpStatusCode.OK, new HttpResponseMessage().Headers, intent.ToJsonString()));
    }

    /// <summary>The buyer's browser confirms at Stripe, which then calls the webhook with this.</summary>
    public string Confirm(string intentId)
    {
        intents[intentId]["status"] = "requires_capture";
        return new JsonObject
        {
            ["id"] = $"evt_{intentId}", ["object"] = "event", ["type"] = "payment_intent.amount_capturable_updated",
            ["livemode"] = false, ["api_version"] = StripeConfiguration.ApiVersion,
            ["data"] = new JsonObject { ["object"] = intents[intentId].DeepClone() },
        }.ToJsonString();
    }

    JsonObject Intent(string[] path, string? amount, string? order) => path is [_, _, _, var id, ..]
        ? intents[id]
        : intents[$"pi_{order}"] = new()
        {
            ["id"] = $"pi_{order}", ["object"] = "payment_intent", ["amount"] = long.Parse(amount!), ["currency"] = "usd",
            ["status"] = "requires_payment_method", ["client_secret"] = "secret", ["livemode"] = false,
            ["metadata"] = new JsonObject { ["orderId"] = order },
        };

    public Task<StripeStreamedResponse> MakeStreamingRequestAsync(
        StripeRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
