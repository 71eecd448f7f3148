using System.Text.Json;
using Ticketing.Common;
using Ticketing.Web.Pages;

namespace Ticketing.Web;

/// <summary>One part of the shop and whether it answers.</summary>
public sealed record PartStatus(string Name, string Does, bool Up);

static class HelpEndpoints
{
    static readonly TimeSpan DocumentAgeMax = TimeSpan.FromMinutes(1);

    static readonly (string App, string Does)[] Apps =
    [
        ("auth", "Accounts, signing in and out"),
        ("tickets", "Listings and search"),
        ("orders", "Buying, holds, refunds"),
        ("payments", "Cards"),
        ("expiration", "Ends holds on time"),
    ];

    public static void MapHelp(this IEndpointRouteBuilder app)
    {
        app.MapGet("/problems/{code}", (string code) => Explanation.All.TryGetValue(code, out var explained)
            ? Results.Extensions.Page<ProblemPage>(new { Explained = explained })
            : Errors.NotFound());
        app.MapGet("/status", Status);
        app.MapGet("/docs", (HttpContext context) => Results.Extensions.Page<DocsPage>(new
        {
            Origin = Origin(context.Request),
        }));
        app.MapGet("/docs/events", () => Results.Extensions.Page<EventsPage>(new { EventDescription.Topics }));
        app.MapGet("/docs/events.json", () => Results.Text(EventDescription.Document, "application/json"));
        app.MapGet("/docs/{service}", Describe);
        app.MapGet("/docs/{service}.json", Document);
        app.MapFallback((HttpContext context) => Errors.NotFound());
    }

    static async Task<IResult> Status(OtherApps apps, SharedAnswers shared, CancellationToken ct) =>
        Results.Extensions.Page<StatusPage>(new
        {
            Parts = await shared.Get("status", () => AskAll(apps), ct),
        });

    static async Task<IReadOnlyList<PartStatus>> AskAll(OtherApps apps) =>
        await Task.WhenAll(Apps.Select(async part =>
            new PartStatus(part.App, part.Does, await apps.TryGetText(part.App, "/health/ready", default) is not null)));

    static async Task<IResult> Describe(
        string service, HttpContext context, OtherApps apps, SharedAnswers shared, CancellationToken ct)
    {
        if (!Apps.Any(part => part.App == service))
            return Errors.NotFound();
        if (await OpenApi(service, apps, shared, ct) is not { } text)
            return Errors.Page(StatusCodes.Status503ServiceUnavailable);
        using var document = JsonDocument.Parse(text);
        return Results.Extensions.Page<ApiPage>(new
        {
            Service = service,
            Calls = ApiDescription.Calls(document.RootElement),
            Origin = Origin(context.Request),
        });
    }

    static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    // It changes with a release only.
    static Task<string?> OpenApi(string service, OtherApps apps, SharedAnswers shared, CancellationToken ct) =>
        shared.Get($"openapi {service}", () => apps.TryGetText(service, "/openapi/v1.json", default), ct,
            document => document is null ? SharedAnswers.Moment : DocumentAgeMax);

    static async Task<IResult> Document(
        string service, OtherApps apps, SharedAnswers shared, CancellationToken ct) =>
        Apps.Any(part => part.App == service) && await OpenApi(service, apps, shared, ct) is { } document
            ? Results.Text(document, "application/json")
            : Errors.NotFound();
}
