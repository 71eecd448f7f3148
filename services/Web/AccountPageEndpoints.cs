using System.Text;
using Ticketing.Common;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>What a person can do about the account: see and end sessions, change the password, take the data, leave.</summary>
static class AccountPageEndpoints
{
    const string Here = "/account", Me = "/api/users/me", Sessions = Me + "/sessions";

    public static void MapAccountPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Here, (User? user, Backends services, bool? changed, CancellationToken ct) =>
            user is null ? Task.FromResult(AccountEndpoints.SignInFirst(Here))
                : Show(user, services, AccountForm.Empty with { Changed = changed is true }, StatusCodes.Status200OK, ct));
        app.MapGet(Here + "/export", Export);
        app.MapGet(Here + "/erased", () => Results.Extensions.Page<ErasedPage>(new { }));
        app.MapPost(Here + "/sessions/end", EndAll).DisableAntiforgery();
        app.MapPost(Here + "/sessions/{id:sessionId}/end", End).DisableAntiforgery();
        app.MapPost(Here + "/password", ChangePassword).DisableAntiforgery();
        app.MapPost(Here + "/erase", Erase).DisableAntiforgery();
    }

    static async Task<IResult> Show(
        User user, Backends services, AccountForm form, int status, CancellationToken ct)
    {
        var sessions = await services.Auth.Get(Sessions, ApiJson.Default.SessionList, ct);
        // The session ended elsewhere and this service has not heard of it yet.
        if (sessions.Unauthenticated)
            return AccountEndpoints.SignInFirst(Here);
        return Results.Extensions.Page<AccountPage>(new { user.Email, Sessions = sessions, Form = form }, status);
    }

    static async Task<IResult> End(string id, User? user, HttpContext context, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst(Here);
        var answer = await services.Auth.Delete($"{Sessions}/{id}", ct);
        // One that is not there has ended.
        if (!answer.Ok && !answer.NotFound)
            return Refused(answer);
        PassCookies(context, answer);
        return Results.Extensions.SeeOther(id == user.SessionId ? "/signedout" : Here);
    }

    static async Task<IResult> EndAll(User? user, HttpContext context, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst(Here);
        var answer = await services.Auth.Delete(Sessions, ct);
        if (!answer.Ok)
            return Refused(answer);
        PassCookies(context, answer);
        return Results.Extensions.SeeOther("/signedout");
    }

    static async Task<IResult> ChangePassword(
        SentForm form, User? user, HttpContext context, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst(Here);
        var answer = await services.Auth.Put($"{Me}/password",
            new NewPassword(form["current"], form["new"]), ApiJson.Default.NewPassword, ct);
        PassCookies(context, answer);
        if (answer.Ok)
            return Results.Extensions.SeeOther(Here + "?changed=true");
        var errors = Mistakes(answer, "current");
        return errors.Count == 0 ? Refused(answer)
            : await Show(user, services, AccountForm.Empty with { Errors = errors }, answer.Status, ct);
    }

    static async Task<IResult> Erase(
        SentForm sent, User? user, HttpContext context, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst(Here);
        var answer = await services.Auth.Delete(Me, new Erasure(sent["password"]), ApiJson.Default.Erasure, ct);
        PassCookies(context, answer);
        if (answer.Ok)
            return Results.Extensions.SeeOther(Here + "/erased");
        var form = AccountForm.Empty with { Errors = Mistakes(answer, "password"), IsErasing = true };
        if (answer is { Code: "has-live-business", Problem: { } problem })
            form = form with { Orders = problem.Orders ?? 0, Listings = problem.Listings ?? 0 };
        return form.Errors.Count == 0 && !form.HasBusiness ? Refused(answer)
            : await Show(user, services, form, answer.Status, ct);
    }

    // Through here and not straight from the API: where it cannot be had, a person gets a page that says so.
    static async Task<IResult> Export(User? user, Backends services, CancellationToken ct)
    {
        if (user is null)
            return AccountEndpoints.SignInFirst(Here);
        var answer = await services.Auth.Get($"{Me}/export", ApiJson.Default.JsonDocument, ct);
        if (answer.Value is not { } data)
            return Refused(answer);
        using (data)
            return Results.File(Encoding.UTF8.GetBytes(data.RootElement.GetRawText()), "application/json",
                "ticketing-my-data.json");
    }

    // A wrong password is a mistake in the form; a session that is over is not.
    static Dictionary<string, string> Mistakes(Answer<Nothing> answer, string password) => answer switch
    {
        { Code: "bad-credentials" } => new() { [password] = "That is not your password" },
        { Status: 400, Problem.Errors: { } errors } =>
            errors.ToDictionary(error => error.Key, error => error.Value.FirstOrDefault() ?? ""),
        _ => [],
    };

    static IResult Refused<T>(Answer<T> answer) where T : class =>
        answer.Unauthenticated ? AccountEndpoints.SignInFirst(Here) : Errors.Of(answer);

    // The cookies are auth's to set; they pass through as they are.
    internal static void PassCookies<T>(HttpContext context, Answer<T> answer) where T : class
    {
        foreach (var cookie in answer.Headers?.TryGetValues("Set-Cookie", out var cookies) == true ? cookies : [])
            context.Response.Headers.Append("Set-Cookie", cookie);
    }
}

/// <summary>What was wrong with what a person sent from the account's page, or what came of it.</summary>
public sealed record AccountForm(IReadOnlyDictionary<string, string> Errors)
{
    public static readonly AccountForm Empty = new(new Dictionary<string, string>());

    /// <summary>The password was changed a moment ago.</summary>
    public bool Changed { get; init; }
    public bool IsErasing { get; init; }
    /// <summary>Unfinished orders and listings for sale, which keep the account from being erased.</summary>
    public int Orders { get; init; }
    public int Listings { get; init; }
    public bool HasBusiness => Orders + Listings > 0;
}
