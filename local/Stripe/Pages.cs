namespace Ticketing.StripeServer;

/// <summary>
/// What a browser loads: the script, the frame a card is typed into and the bank's challenge. All of it lives on this
/// origin, so that a card number never meets the shop's.
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

        // The button on the bank's page. It is the bank's, not Stripe's, hence no API call.
        var api = app.Services.GetRequiredService<Api>();
        app.MapPost("/v3/challenge/{id}", http => api.Write(http, "challenge", (books, call) =>
        {
            var id = (string)http.Request.RouteValues["id"]!;
            var passed = call.Form.Choice("outcome", "complete", "fail") is "complete";
            if (call.Form.Error is { } wrong) return wrong;
            return books.Intent(id) is { } intent && call.Browser && call.MayTouch(intent)
                ? Bank.Challenged(books, intent, passed)
                : Error.Missing("payment_intent", id);
        }));
    }

    static IResult Page(string name, string type) =>
        Results.Stream(typeof(Pages).Assembly.GetManifestResourceStream(name)!, type);
}
