using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Ticketing.Common;

namespace Ticketing.Fuzz.Tests;

/// <summary>A service with one mistake of each kind, for the fuzzer to find.</summary>
sealed class BrokenSuite : Suite
{
    const char LastLatin = '\u024f';

    public override string Name => "broken";

    public override bool IsNeverReached(FuzzRoute route) => route.Text.StartsWith("/health", StringComparison.Ordinal);

    protected override Task Open() => Add(Build, configure: null);

    static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing("broken");
        builder.Services.AddHttpJson(new DefaultJsonTypeInfoResolver());
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseTicketing();
        app.MapPost("/api/throws", (Note note) => note.Title?.Any(c => c > LastLatin) == true
            ? throw new InvalidOperationException("A text that nobody thought of.") : TypedResults.Ok(note));
        app.MapPost("/api/early/{id}", Early);
        app.MapGet("/api/repeats", (string? q, HttpResponse response) =>
        {
            response.Headers["X-Searched"] = Uri.EscapeDataString(q ?? "");
            return TypedResults.Ok(true);
        });
        app.MapGet("/api/hangs-up", (HttpContext context, string? sort) =>
        {
            if (sort?.Length > 20)
                context.Abort();
            return TypedResults.Ok(true);
        });
        app.MapGet("/api/unknown/{strange}", () => Problems.Of(StatusCodes.Status404NotFound));
        return app;
    }

    // It writes before it has checked the whole request.
    static async Task<IResult> Early(string id, Note note, ISidecar sidecar, CancellationToken ct)
    {
        await sidecar.Save($"note:{id}", "{}"u8.ToArray(), (await sidecar.Get($"note:{id}", ct))?.ETag, ct);
        return note.Price is null or < 1 ? Problems.Of(StatusCodes.Status400BadRequest) : TypedResults.Ok(true);
    }

    internal sealed record Note(string? Title, long? Price);
}
