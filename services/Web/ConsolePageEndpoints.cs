using System.Text.Json.Serialization.Metadata;
using Ticketing.Common;
using Ticketing.Contracts;
using Ticketing.Web.Api;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>The operators' pages: the services' event logs, their dead letters, and the audit log.</summary>
static class ConsolePageEndpoints
{
    public const string Path = "/console", LettersPath = "/console/letters", AuditPath = "/console/audit";

    static readonly string[] Apps = ["auth", "tickets", "orders", "payments", "expiration"];

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        var console = app.MapGroup(Path).AddEndpointFilter(OperatorsOnly);
        console.MapGet("", ShowFlow).AddEndpointFilter(Audited(AuditAct.ViewFlow));
        console.MapGet("/letters", ShowLetters).AddEndpointFilter(Audited(AuditAct.ViewLetters));
        console.MapGet("/audit", ShowAudit).AddEndpointFilter(Audited(AuditAct.ViewAudit));
        console.MapPost("/letters/{app}/{id}/apply", Apply).DisableAntiforgery();
    }

    // 404 for everybody else, who must not learn that the page exists.
    static async ValueTask<object?> OperatorsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var signIn = context.HttpContext.RequestServices.GetRequiredService<OperatorSignIn>();
        return User.From(context.HttpContext.User) switch
        {
            { IsOperator: true } user when signIn.IsRecent(user) => await next(context),
            { IsOperator: true } => SignInPageEndpoints.SignInAgain(HttpMethods.IsGet(request.Method)
                ? $"{request.Path}{request.QueryString}"
                // A POST is not repeated after the sign-in: the page then says that nothing was applied.
                : $"{LettersPath}?said=not-yet"),
            null when HttpMethods.IsGet(request.Method) =>
                SignInPageEndpoints.SignInFirst($"{request.Path}{request.QueryString}"),
            _ => ErrorPages.NotFound(),
        };
    }

    // If the audit entry cannot be saved, the page is not shown: the exception becomes a 503.
    static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Audited(AuditAct act) =>
        async (context, next) =>
        {
            var http = context.HttpContext;
            await http.RequestServices.GetRequiredService<AuditedViews>().Record(http, act, http.RequestAborted);
            return await next(context);
        };

    static async Task<IResult> ShowAudit(OtherApps apps, AnswerCache cache, Audit own, CancellationToken ct)
    {
        var answers = await AskAll(apps, cache, "internal/audit", AuditJson.Default.AuditList, ct);
        return Results.Extensions.Page<AuditLogPage>(new
        {
            Unavailable = (IReadOnlyList<string>)
                [.. answers.Where(answer => answer.Value is null).Select(answer => answer.App)],
            Entries = (IReadOnlyList<AuditEntry>)[.. answers.SelectMany(answer => answer.Value?.Entries ?? [])
                .Concat((await own.Read(ct)).Entries).OrderByDescending(entry => entry.At).Take(Audit.ShownMax)],
        });
    }

    static async Task<IResult> ShowFlow(HttpContext context, OtherApps apps, AnswerCache cache, CancellationToken ct)
    {
        var filter = StepFilter.From(context.Request.Query);
        var answers = await AskAll(apps, cache, $"internal/flow{filter.ToQuery()}", FlowJson.Default.StepList, ct);
        return Results.Extensions.Page<ConsolePage>(new
        {
            Filter = filter,
            ShowAll = context.Request.Query["show"] == "all",
            All = JudgedStep.All(answers.SelectMany(answer => answer.Value?.Steps ?? [])),
            Services = answers,
        });
    }

    static async Task<IResult> ShowLetters(string? said, OtherApps apps, AnswerCache cache, CancellationToken ct) =>
        Results.Extensions.Page<DeadLettersPage>(new
        {
            Result = said ?? "",
            Services = await AskAll(apps, cache, "internal/dead-letters", LetterListJson.Default.LetterList, ct),
        });

    static async Task<IResult> Apply(
        string app, string id, ServiceClients services, CancellationToken ct)
    {
        if (!Apps.Contains(app) || MessageId.Parse(id) is not { } letter) return ErrorPages.NotFound();
        var path = $"/internal/dead-letters/{Uri.EscapeDataString(letter.Value)}/apply";
        var answer = await services.For(app).Post(path, ct);
        var result = answer switch
        {
            { Ok: true } => "applied",
            { Status: 409 } => "refused",
            { NotFound: true } => "gone",
            _ => "away",
        };
        return Results.Extensions.SeeOther($"{LettersPath}?said={result}");
    }

    /// <summary>Asks all services in parallel; one that fails is a null and does not fail the page.</summary>
    static Task<IReadOnlyList<ServiceAnswer<T>>> AskAll<T>(OtherApps apps, AnswerCache cache, string path,
        JsonTypeInfo<T> json, CancellationToken ct) where T : class =>
        cache.Get<IReadOnlyList<ServiceAnswer<T>>>(path, async () => await Task.WhenAll(Apps.Select(async app =>
        {
            try
            {
                return new ServiceAnswer<T>(app, await apps.Get(app, path, json, default));
            }
            catch (TryAgainException)
            {
                return new ServiceAnswer<T>(app, null);
            }
        })), ct);
}

/// <summary>The answer of one service; null if it did not answer.</summary>
public sealed record ServiceAnswer<T>(string App, T? Value) where T : class;
