using Ticketing.Common;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

static class SignInPageEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet("/signin", (string? to, string? again, OperatorSignIn operators) =>
            SignInForm(isSignUp: false, to, again is null ? null : operators.AgeMax));
        app.MapGet("/signup", (string? to) => SignInForm(isSignUp: true, to, null));
        app.MapPost("/signin", (PostedForm form, HttpContext context, ServiceClients services, CancellationToken ct) =>
            SignInOrUp(form, context, services, isSignUp: false, ct)).DisableAntiforgery();
        app.MapPost("/signup", (PostedForm form, HttpContext context, ServiceClients services, CancellationToken ct) =>
            SignInOrUp(form, context, services, isSignUp: true, ct)).DisableAntiforgery();
        app.MapPost("/signout", SignOut).DisableAntiforgery();
        app.MapGet("/signedout", (string? later) =>
            Results.Extensions.Page<SignInPage>(new { SignedOut = true, EndsLater = later == "true" }));
    }

    /// <summary>Redirects to the sign-in page, which then returns to <paramref name="to"/>.</summary>
    public static IResult SignInFirst(string to) =>
        Results.Extensions.SeeOther($"/signin?to={Uri.EscapeDataString(to)}");

    /// <summary>As <see cref="SignInFirst"/>, for an operator whose sign-in is too old.</summary>
    public static IResult SignInAgain(string to) =>
        Results.Extensions.SeeOther($"/signin?to={Uri.EscapeDataString(to)}&again");

    /// <param name="ageMax">The oldest sign-in that operators' pages accept, to be shown; null for no message.</param>
    static IResult SignInForm(bool isSignUp, string? to, TimeSpan? ageMax) =>
        Results.Extensions.Page<SignInPage>(new { IsSignUp = isSignUp, To = ReturnPath.Of(to).Value, AgeMax = ageMax });

    static async Task<IResult> SignInOrUp(
        PostedForm form, HttpContext context, ServiceClients services, bool isSignUp, CancellationToken ct)
    {
        var (email, to) = (form["email"], ReturnPath.Of(form["to"]));
        var answer = await services.Auth.Post(isSignUp ? "/api/users/signup" : "/api/users/signin",
            new SignInRequest(email, form["password"]), ApiJson.Default.SignInRequest, ApiJson.Default.AccountDto, ct);
        if (answer.Ok)
        {
            AccountPageEndpoints.PassCookies(context, answer);
            return Results.Extensions.SeeOther(to.Value);
        }
        var errors = answer switch
        {
            { Code: "email-in-use" } => new() { ["email"] = "This e-mail has an account already. Sign in instead?" },
            { Code: "bad-credentials" } => new() { ["email"] = "E-mail or password is not right" },
            { Status: 400 } =>
                answer.Problem?.Errors?.ToDictionary(e => e.Key, e => e.Value.FirstOrDefault() ?? "") ?? [],
            _ => new Dictionary<string, string>(),
        };
        return errors.Count == 0
            ? ErrorPages.For(answer)
            : Results.Extensions.Page<SignInPage>(new
            {
                IsSignUp = isSignUp,
                To = to.Value,
                Email = email,
                Errors = (IReadOnlyDictionary<string, string>)errors,
            }, answer.Status);
    }

    static async Task<IResult> SignOut(HttpContext context, ServiceClients services, CancellationToken ct)
    {
        BrowserCookies.ForgetSession(context);
        // Without a valid session there is nothing to end at auth.
        if (BrowserCookies.VerifiedSession(context) is null)
            return Results.Extensions.SeeOther("/signedout");
        var answer = await services.Auth.Post("/api/users/signout", ct);
        return Results.Extensions.SeeOther(answer.Ok || answer.Unauthenticated
            ? "/signedout" : "/signedout?later=true");
    }
}
