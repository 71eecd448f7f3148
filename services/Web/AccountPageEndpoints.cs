using System.Text;
using Ticketing.Common;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The account page: list and end sessions, change the password, export the data, erase the account.</summary>
static class AccountPageEndpoints
{
    const string Path = "/account", Api = "/api/users/me", Sessions = Api + "/sessions";

    public static void MapAccountPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (User? user, ServiceClients services, bool? changed, CancellationToken ct) =>
            user is null ? Task.FromResult(SignInPageEndpoints.SignInFirst(Path))
                : Show(user, services, AccountForm.Empty with { Changed = changed is true },
                    StatusCodes.Status200OK, ct));
        app.MapGet(Path + "/export", Export);
        app.MapGet(Path + "/erased", () => Results.Extensions.Page<ErasedPage>(new { }));
        app.MapPost(Path + "/sessions/end", EndAllSessions).DisableAntiforgery();
        app.MapPost(Path + "/sessions/{id:sessionId}/end", EndSession).DisableAntiforgery();
        app.MapPost(Path + "/password", ChangePassword).DisableAntiforgery();
        app.MapPost(Path + "/erase", Erase).DisableAntiforgery();
    }

    static async Task<IResult> Show(
        User user, ServiceClients services, AccountForm form, int status, CancellationToken ct)
    {
        var sessions = await services.Auth.Get(Sessions, ApiJson.Default.SessionListDto, ct);
        // The session was ended elsewhere, and the event has not arrived here yet.
        if (sessions.Unauthenticated)
            return SignInPageEndpoints.SignInFirst(Path);
        return Results.Extensions.Page<AccountPage>(new { user.Email, Sessions = sessions, Form = form }, status);
    }

    static async Task<IResult> EndSession(
        string id, User? user, HttpContext context, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst(Path);
        var answer = await services.Auth.Delete($"{Sessions}/{id}", ct);
        // 404: the session has already ended.
        if (!answer.Ok && !answer.NotFound)
            return Failed(answer);
        PassCookies(context, answer);
        return Results.Extensions.SeeOther(id == user.SessionId ? "/signedout" : Path);
    }

    static async Task<IResult> EndAllSessions(
        User? user, HttpContext context, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst(Path);
        var answer = await services.Auth.Delete(Sessions, ct);
        if (!answer.Ok)
            return Failed(answer);
        PassCookies(context, answer);
        return Results.Extensions.SeeOther("/signedout");
    }

    static async Task<IResult> ChangePassword(
        PostedForm form, User? user, HttpContext context, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst(Path);
        var answer = await services.Auth.Put($"{Api}/password",
            new ChangePasswordRequest(form["current"], form["new"]), ApiJson.Default.ChangePasswordRequest, ct);
        PassCookies(context, answer);
        if (answer.Ok)
            return Results.Extensions.SeeOther(Path + "?changed=true");
        var errors = FieldErrors(answer, "current");
        return errors.Count == 0 ? Failed(answer)
            : await Show(user, services, AccountForm.Empty with { Errors = errors }, answer.Status, ct);
    }

    static async Task<IResult> Erase(
        PostedForm sent, User? user, HttpContext context, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst(Path);
        var answer = await services.Auth.Delete(Api, new EraseAccountRequest(sent["password"]),
            ApiJson.Default.EraseAccountRequest, ct);
        PassCookies(context, answer);
        if (answer.Ok)
            return Results.Extensions.SeeOther(Path + "/erased");
        var form = AccountForm.Empty with { Errors = FieldErrors(answer, "password"), IsErasing = true };
        if (answer is { Code: "has-live-business", Problem: { } problem })
            form = form with { Orders = problem.Orders ?? 0, Listings = problem.Listings ?? 0 };
        return form.Errors.Count == 0 && !form.HasLiveBusiness ? Failed(answer)
            : await Show(user, services, form, answer.Status, ct);
    }

    // Not a link to the API: if auth fails, the browser gets an error page and not JSON.
    static async Task<IResult> Export(User? user, ServiceClients services, CancellationToken ct)
    {
        if (user is null)
            return SignInPageEndpoints.SignInFirst(Path);
        var answer = await services.Auth.Get($"{Api}/export", ApiJson.Default.JsonDocument, ct);
        if (answer.Value is not { } data)
            return Failed(answer);
        using (data)
            return Results.File(Encoding.UTF8.GetBytes(data.RootElement.GetRawText()), "application/json",
                "ticketing-my-data.json");
    }

    // A 401 for a wrong password belongs to its field; a 401 for an ended session leads to the sign-in page.
    static Dictionary<string, string> FieldErrors(ServiceResponse<NoBody> answer, string password) => answer switch
    {
        { Code: "bad-credentials" } => new() { [password] = "That is not your password" },
        { Status: 400, Problem.Errors: { } errors } =>
            errors.ToDictionary(error => error.Key, error => error.Value.FirstOrDefault() ?? ""),
        _ => [],
    };

    static IResult Failed<T>(ServiceResponse<T> answer) where T : class =>
        answer.Unauthenticated ? SignInPageEndpoints.SignInFirst(Path) : ErrorPages.For(answer);

    // Auth sets the cookies; they are copied unchanged.
    internal static void PassCookies<T>(HttpContext context, ServiceResponse<T> answer) where T : class
    {
        foreach (var cookie in answer.Headers?.TryGetValues("Set-Cookie", out var cookies) == true ? cookies : [])
            context.Response.Headers.Append("Set-Cookie", cookie);
    }
}

/// <summary>The state of the account page's forms: field errors, or the result of the last action.</summary>
public sealed record AccountForm(IReadOnlyDictionary<string, string> Errors)
{
    public static readonly AccountForm Empty = new(new Dictionary<string, string>());

    /// <summary>The password has just been changed.</summary>
    public bool Changed { get; init; }
    public bool IsErasing { get; init; }
    /// <summary>Unfinished orders; while there are any, or <see cref="Listings"/>, auth refuses to erase.</summary>
    public int Orders { get; init; }
    public int Listings { get; init; }
    public bool HasLiveBusiness => Orders + Listings > 0;
}
