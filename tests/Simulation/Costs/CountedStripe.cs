using System.Collections.Specialized;
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
        var intent = Intent(request.Uri.AbsolutePath.Split('/'), form);
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

    JsonObject Intent(string[] path, NameValueCollection form)
    {
        if (path is [_, _, _, var id, ..])
            return intents[id];
        var made = $"pi_{form["metadata[orderId]"]}";
        return intents[made] = new()
        {
            ["id"] = made, ["object"] = "payment_intent", ["amount"] = long.Parse(form["amount"]!), ["currency"] = "usd",
            ["status"] = "requires_payment_method", ["client_secret"] = "secret", ["livemode"] = false,
            ["metadata"] = new JsonObject(((string[])["orderId", "payment", "buyer"]).Select(name =>
                KeyValuePair.Create(name, (JsonNode?)form[$"metadata[{name}]"]))),
        };
    }

    public Task<StripeStreamedResponse> MakeStreamingRequestAsync(
        StripeRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
