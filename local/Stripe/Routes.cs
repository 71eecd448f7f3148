namespace Ticketing.StripeServer;

static class Routes
{
    /// <summary>Stripe's own API.</summary>
    public static void MapApi(this WebApplication app)
    {
        var api = app.Services.GetRequiredService<Api>();
        var v1 = app.MapGroup("/v1");

        v1.MapPost("/payment_intents", http => api.Write(http, "create", PaymentIntents.Create));
        v1.MapGet("/payment_intents", http => api.Read(http, "list", PaymentIntents.List));
        v1.MapGet("/payment_intents/search", http => api.Read(http, "search", PaymentIntents.Search));
        v1.MapGet("/payment_intents/{id}", http => api.Read(http, "retrieve", WithId(http, PaymentIntents.Retrieve)));
        v1.MapPost("/payment_intents/{id}", http => api.Write(http, "update", WithId(http, PaymentIntents.Update)));
        v1.MapPost("/payment_intents/{id}/confirm", http =>
            api.Write(http, "confirm", WithId(http, PaymentIntents.Confirm)));
        v1.MapPost("/payment_intents/{id}/capture", http =>
            api.Write(http, "capture", WithId(http, PaymentIntents.Capture)));
        v1.MapPost("/payment_intents/{id}/cancel", http =>
            api.Write(http, "cancel", WithId(http, PaymentIntents.Cancel)));

        v1.MapPost("/refunds", http => api.Write(http, "refund", Refunds.Create));
        v1.MapGet("/refunds", http => api.Read(http, "list", Refunds.List));
        v1.MapGet("/refunds/{id}", http => api.Read(http, "retrieve", WithId(http, Refunds.Retrieve)));

        v1.MapPost("/payment_methods", http => api.Write(http, "create", PaymentMethods.Create));
        v1.MapGet("/payment_methods/{id}", http => api.Read(http, "retrieve", WithId(http, PaymentMethods.Retrieve)));
        v1.MapGet("/charges/{id}", http => api.Read(http, "retrieve", WithId(http, JsonOf("charge"))));
        v1.MapGet("/events/{id}", http => api.Read(http, "retrieve", WithId(http, JsonOf("event"))));

        v1.MapFallback(http => api.Read(http, "unknown", (_, _) => Error.Invalid(
            $"Unrecognized request URL ({http.Request.Method}: {http.Request.Path}).") with
        { Status = 404 }));
    }

    /// <summary>Not part of Stripe: the ledger, and fault injection. Loopback only.</summary>
    public static void MapLocal(this WebApplication app)
    {
        var local = app.MapGroup("").AddEndpointFilter(async (context, next) =>
            context.HttpContext.Connection.RemoteIpAddress is { } from && !System.Net.IPAddress.IsLoopback(from)
                ? Results.NotFound()
                : await next(context));

        local.MapGet("/ledger", (Database database, string? currency, string? paymentIntent, long? after) =>
            database.Read(store => store.Ledger.Page(currency, paymentIntent, after ?? 0)));

        local.MapGet("/local/faults", (Faults faults) => faults.All);
        local.MapPost("/local/faults", (FaultRule rule, Faults faults) =>
            faults.Add(rule) ? Results.NoContent() : Results.BadRequest());
        local.MapDelete("/local/faults", (Faults faults) => faults.Clear());

        local.MapPost("/local/webhooks/release", async (Database database, CancellationToken ct) =>
            Results.Text($"{await database.Write(store => store.ReleaseHeld(), ct)}"));
        local.MapPost("/local/webhooks/{id}/resend", async (string id, Database database, CancellationToken ct) =>
            await database.Write(store => store.Resend(id), ct) ? Results.NoContent() : Results.NotFound());
    }

    static Func<StripeStore, Call, Reply> WithId(HttpContext http, Func<StripeStore, Call, string, Reply> work)
    {
        var id = (string)http.Request.RouteValues["id"]!;
        return (store, call) => work(store, call, id);
    }

    static Func<StripeStore, Call, string, Reply> JsonOf(string kind) => (store, call, id) =>
        !call.Browser && store.Json(id) is { } found && (string?)found["object"] == kind
            ? found
            : Error.Missing(kind, id);
}
