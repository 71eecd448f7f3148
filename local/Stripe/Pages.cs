namespace Ticketing.StripeServer;

/// <summary>
/// What a browser loads: the script, the frame with the card's form, and the 3-D Secure page. All are on this server's
/// origin, so that a card number never reaches the shop's.
/// </summary>
static class Pages
{
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'none'";

    public static void MapPages(this WebApplication app)
    {
        app.MapGet("/v3/stripe.js", () => Page("stripe.js", "text/javascript; charset=utf-8"));
        app.MapGet("/v3/frames.css", () => Page("frames.css", "text/css; charset=utf-8"));
        foreach (var name in (ReadOnlySpan<string>)["payment", "challenge"])
        {
            app.MapGet($"/v3/{name}", (HttpContext http) =>
            {
                http.Response.Headers.ContentSecurityPolicy = Policy;
                http.Response.Headers["Referrer-Policy"] = "no-referrer";
                return Page($"{name}.html", "text/html; charset=utf-8");
            });
            app.MapGet($"/v3/{name}.js", () => Page($"{name}.js", "text/javascript; charset=utf-8"));
        }

        // The button on the 3-D Secure page, which is the bank's: not part of Stripe's API.
        var api = app.Services.GetRequiredService<Api>();
        app.MapPost("/v3/challenge/{id}", http => api.Write(http, "challenge", (store, call) =>
        {
            var id = (string)http.Request.RouteValues["id"]!;
            var passed = call.Form.Choice("outcome", "complete", "fail") is "complete";
            if (call.Form.Error is { } wrong) return wrong;
            return store.Intent(id) is { } intent && call.Browser && call.MayTouch(intent)
                ? IntentTransitions.Challenged(store, intent, passed)
                : Error.Missing("payment_intent", id);
        }));
    }

    static IResult Page(string name, string type) =>
        Results.Stream(typeof(Pages).Assembly.GetManifestResourceStream(name)!, type);
}
