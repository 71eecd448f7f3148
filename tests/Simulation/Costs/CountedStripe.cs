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
    readonly List<string> events = [];

    public Task<StripeResponse> MakeRequestAsync(StripeRequest request, CancellationToken cancellationToken = default)
    {
        tally.Add("payments", Cost.Stripe, $"{request.Method} {request.Uri.AbsolutePath}");
        var form = HttpUtility.ParseQueryString(request.Content?.ReadAsStringAsync(cancellationToken).Result ?? "");
        var intent = Intent(request.Uri.AbsolutePath.Split('/'), form);
        var verb = form["confirm"] == "true" ? "confirm" : request.Uri.Segments[^1];
        if (verb is "confirm" or "capture")
        {
            intent["status"] = verb == "confirm" ? "requires_capture" : "succeeded";
            events.Add(EventOf(verb == "confirm" ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", intent));
            events.Add(EventOf(verb == "confirm" ? "charge.succeeded" : "charge.captured", ChargeOf(intent)));
        }
        return Task.FromResult(new StripeResponse(HttpStatusCode.OK, new HttpResponseMessage().Headers, intent.ToJsonString()));
    }

    /// <summary>What the webhook has not been called with yet.</summary>
    public List<string> TakeEvents()
    {
        List<string> taken = [.. events];
        events.Clear();
        return taken;
    }

    static string EventOf(string type, JsonObject about) => new JsonObject
    {
        ["id"] = $"evt_{type}_{about["id"]}", ["object"] = "event", ["type"] = type, ["livemode"] = false,
        ["api_version"] = StripeConfiguration.ApiVersion, ["data"] = new JsonObject { ["object"] = about.DeepClone() },
    }.ToJsonString();

    static JsonObject ChargeOf(JsonObject intent) => new()
    {
        ["id"] = $"ch_{intent["id"]}", ["object"] = "charge", ["payment_intent"] = (string?)intent["id"],
        ["amount"] = (long)intent["amount"]!, ["currency"] = (string?)intent["currency"],
        ["captured"] = (string?)intent["status"] == "succeeded", ["metadata"] = intent["metadata"]!.DeepClone(),
    };

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
