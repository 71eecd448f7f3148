using System.Text.Json;
using Ticketing.Common;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>A service, and whether it is ready.</summary>
public sealed record ServiceStatus(string Name, string Purpose, bool IsUp);

static class HelpPageEndpoints
{
    static readonly TimeSpan DocumentAgeMax = TimeSpan.FromMinutes(1);

    static readonly (string App, string Purpose)[] Apps =
    [
        ("auth", "Accounts, signing in and out"),
        ("tickets", "Listings and search"),
        ("orders", "Buying, holds, refunds"),
        ("payments", "Cards"),
        ("expiration", "Ends holds on time"),
    ];

    public static void MapHelp(this IEndpointRouteBuilder app)
    {
        app.MapGet("/problems/{code}", (string code) => Explanation.All.TryGetValue(code, out var explanation)
            ? Results.Extensions.Page<ProblemPage>(new { Explanation = explanation })
            : ErrorPages.NotFound());
        app.MapGet("/status", ShowStatus);
        app.MapGet("/docs", (HttpContext context) => Results.Extensions.Page<DocsPage>(new
        {
            Origin = Origin(context.Request),
        }));
        app.MapGet("/docs/events", () => Results.Extensions.Page<EventDocsPage>(new { AsyncApiDocument.Topics }));
        app.MapGet("/docs/events.json", () => Results.Text(AsyncApiDocument.Json, "application/json"));
        app.MapGet("/docs/{service}", ShowApi);
        app.MapGet("/docs/{service}.json", OpenApiJson);
        app.MapFallback((HttpContext context) => ErrorPages.NotFound());
    }

    static async Task<IResult> ShowStatus(OtherApps apps, AnswerCache cache, CancellationToken ct) =>
        Results.Extensions.Page<StatusPage>(new
        {
            Services = await cache.Get("status", () => CheckAll(apps), ct),
        });

    static async Task<IReadOnlyList<ServiceStatus>> CheckAll(OtherApps apps) =>
        await Task.WhenAll(Apps.Select(async service =>
            new ServiceStatus(service.App, service.Purpose,
                await apps.TryGetText(service.App, "/health/ready", default) is not null)));

    static async Task<IResult> ShowApi(
        string service, HttpContext context, OtherApps apps, AnswerCache cache, CancellationToken ct)
    {
        if (!Apps.Any(known => known.App == service))
            return ErrorPages.NotFound();
        if (await OpenApi(service, apps, cache, ct) is not { } text)
            return ErrorPages.Page(StatusCodes.Status503ServiceUnavailable);
        using var document = JsonDocument.Parse(text);
        return Results.Extensions.Page<ApiPage>(new
        {
            Service = service,
            Operations = OpenApiDocument.Operations(document.RootElement),
            Origin = Origin(context.Request),
        });
    }

    static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    // Cached for a minute: the document changes only with a release.
    static Task<string?> OpenApi(string service, OtherApps apps, AnswerCache cache, CancellationToken ct) =>
        cache.Get($"openapi {service}", () => apps.TryGetText(service, "/openapi/v1.json", default), ct,
            document => document is null ? AnswerCache.AgeDefault : DocumentAgeMax);

    static async Task<IResult> OpenApiJson(
        string service, OtherApps apps, AnswerCache cache, CancellationToken ct) =>
        Apps.Any(known => known.App == service) && await OpenApi(service, apps, cache, ct) is { } document
            ? Results.Text(document, "application/json")
            : ErrorPages.NotFound();
}
