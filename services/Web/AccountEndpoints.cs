using Ticketing.Common;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder app)
    {
        app.MapGet("/signin", (string? to, string? again, OperatorSignIn operators) =>
            Sign(up: false, to, again is null ? null : operators.AgeMax));
        app.MapGet("/signup", (string? to) => Sign(up: true, to, null));
        app.MapPost("/signin", (SentForm form, HttpContext context, Backends services, CancellationToken ct) =>
            Enter(form, context, services, up: false, ct)).DisableAntiforgery();
        app.MapPost("/signup", (SentForm form, HttpContext context, Backends services, CancellationToken ct) =>
            Enter(form, context, services, up: true, ct)).DisableAntiforgery();
        app.MapPost("/signout", Leave).DisableAntiforgery();
        app.MapGet("/signedout", (string? later) =>
            Results.Extensions.Page<SignPage>(new { SignedOut = true, EndsLater = later == "true" }));
    }

    /// <summary>To the sign-in page, and from there back to where the person wanted to go.</summary>
    public static IResult SignInFirst(string to) =>
        Results.Extensions.SeeOther($"/signin?to={Uri.EscapeDataString(to)}");

    /// <summary>Signed in, but too long ago for what operators see.</summary>
    public static IResult SignInAgain(string to) =>
        Results.Extensions.SeeOther($"/signin?to={Uri.EscapeDataString(to)}&again");

    /// <param name="again">The age of a sign-in that operators' pages want, for one whose is older.</param>
    static IResult Sign(bool up, string? to, TimeSpan? again) =>
        Results.Extensions.Page<SignPage>(new { Up = up, To = ReturnPath.Of(to).Value, Again = again });

    static async Task<IResult> Enter(
        SentForm form, HttpContext context, Backends services, bool up, CancellationToken ct)
    {
        var (email, to) = (form["email"], ReturnPath.Of(form["to"]));
        var answer = await services.Auth.Post(up ? "/api/users/signup" : "/api/users/signin",
            new Credentials(email, form["password"]), ApiJson.Default.Credentials, ApiJson.Default.Account, ct);
        if (answer.Ok)
        {
            AccountPageEndpoints.PassCookies(context, answer);
            return Results.Extensions.SeeOther(to.Value);
        }
        var errors = answer switch
        {
            { Code: "email-in-use" } => new() { ["email"] = "This e-mail has an account already. Sign in instead?" },
            { Code: "bad-credentials" } => new() { ["email"] = "E-mail or password is not right" },
            { Status: 400 } => answer.Problem?.Errors?.ToDictionary(e => e.Key, e => e.Value.FirstOrDefault() ?? "") ?? [],
            _ => new Dictionary<string, string>(),
        };
        return errors.Count == 0
            ? Errors.Of(answer)
            : Results.Extensions.Page<SignPage>(new
            {
                Up = up,
                To = to.Value,
                Email = email,
                Errors = (IReadOnlyDictionary<string, string>)errors,
            }, answer.Status);
    }

    static async Task<IResult> Leave(HttpContext context, Backends services, CancellationToken ct)
    {
        BrowserCookies.ForgetSession(context);
        // Without a valid session there is nothing to end.
        if (BrowserCookies.VerifiedSession(context) is null)
            return Results.Extensions.SeeOther("/signedout");
        var answer = await services.Auth.Post("/api/users/signout", ct);
        return Results.Extensions.SeeOther(answer.Ok || answer.Unauthenticated ? "/signedout" : "/signedout?later=true");
    }
}
