using System.Text.Json.Serialization.Metadata;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>What operators see: what goes on between the services, and the messages that wait for a person.</summary>
static class ConsoleEndpoints
{
    public const string Path = "/console", LettersPath = "/console/letters", AuditPath = "/console/audit";

    static readonly string[] Apps = ["auth", "tickets", "orders", "payments", "expiration"];

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        var console = app.MapGroup(Path).AddEndpointFilter(OperatorsOnly);
        console.MapGet("", Flow).AddEndpointFilter(Noted(AuditAct.ViewFlow));
        console.MapGet("/letters", Letters).AddEndpointFilter(Noted(AuditAct.ViewLetters));
        console.MapGet("/audit", ShowAudit).AddEndpointFilter(Noted(AuditAct.ViewAudit));
        console.MapPost("/letters/{app}/{id}/apply", Apply).DisableAntiforgery();
    }

    // To everybody else it is a page that does not exist.
    static async ValueTask<object?> OperatorsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var signIn = context.HttpContext.RequestServices.GetRequiredService<OperatorSignIn>();
        return User.From(context.HttpContext.User) switch
        {
            { IsOperator: true } user when signIn.IsRecent(user) => await next(context),
            { IsOperator: true } => AccountEndpoints.SignInAgain(HttpMethods.IsGet(request.Method)
                ? $"{request.Path}{request.QueryString}"
                // What was sent is not done after the sign-in by itself: the page says so.
                : $"{LettersPath}?said=not-yet"),
            null when HttpMethods.IsGet(request.Method) =>
                AccountEndpoints.SignInFirst($"{request.Path}{request.QueryString}"),
            _ => Errors.NotFound(),
        };
    }

    // What cannot be written down is not shown: the exception becomes a 503.
    static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Noted(AuditAct act) =>
        async (context, next) =>
        {
            var http = context.HttpContext;
            await http.RequestServices.GetRequiredService<Views>().Note(http, act, http.RequestAborted);
            return await next(context);
        };

    static async Task<IResult> ShowAudit(OtherApps apps, SharedAnswers shared, Audit own, CancellationToken ct)
    {
        var answers = await AskAll(apps, shared, "internal/audit", AuditJson.Default.AuditList, ct);
        return Results.Extensions.Page<AuditLogPage>(new
        {
            Silent = (IReadOnlyList<string>)[.. answers.Where(answer => answer.Value is null).Select(answer => answer.App)],
            Entries = (IReadOnlyList<AuditEntry>)[.. answers.SelectMany(answer => answer.Value?.Entries ?? [])
                .Concat((await own.Read(ct)).Entries).OrderByDescending(entry => entry.At).Take(Audit.ShownMax)],
        });
    }

    static async Task<IResult> Flow(HttpContext context, OtherApps apps, SharedAnswers shared, CancellationToken ct)
    {
        var filter = StepFilter.From(context.Request.Query);
        var answers = await AskAll(apps, shared, $"internal/flow{filter.ToQuery()}", FlowJson.Default.StepList, ct);
        return Results.Extensions.Page<ConsolePage>(new
        {
            Filter = filter,
            ShowAll = context.Request.Query["show"] == "all",
            All = JudgedStep.All(answers.SelectMany(answer => answer.Value?.Steps ?? [])),
            Answers = answers,
        });
    }

    static async Task<IResult> Letters(string? said, OtherApps apps, SharedAnswers shared, CancellationToken ct) =>
        Results.Extensions.Page<LettersPage>(new
        {
            Said = said ?? "",
            Answers = await AskAll(apps, shared, "internal/dead-letters", LetterListJson.Default.LetterList, ct),
        });

    static async Task<IResult> Apply(
        string app, string id, Backends services, CancellationToken ct)
    {
        if (!Apps.Contains(app) || MessageId.Parse(id) is not { } letter) return Errors.NotFound();
        var path = $"/internal/dead-letters/{Uri.EscapeDataString(letter.Value)}/apply";
        var answer = await services.Of(app).Post(path, ct);
        var said = answer switch
        {
            { Ok: true } => "applied",
            { Status: 409 } => "refused",
            { NotFound: true } => "gone",
            _ => "away",
        };
        return Results.Extensions.SeeOther($"{LettersPath}?said={said}");
    }

    /// <summary>All at once; one that is away costs only its own part.</summary>
    static Task<IReadOnlyList<PartAnswer<T>>> AskAll<T>(OtherApps apps, SharedAnswers shared, string path,
        JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        shared.Get<IReadOnlyList<PartAnswer<T>>>(path, async () => await Task.WhenAll(Apps.Select(async app =>
        {
            try
            {
                return new PartAnswer<T>(app, await apps.Get(app, path, json, default));
            }
            catch (TryAgainException)
            {
                return new PartAnswer<T>(app, null);
            }
        })), ct);
}

/// <summary>What one service said; null: nothing.</summary>
public sealed record PartAnswer<T>(string App, T? Value) where T : class;
