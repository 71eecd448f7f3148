using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ticketing.Common;
using Ticketing.Contracts;

namespace Ticketing.Hosting.Tests;

public sealed record NoteRequest(string? Title, long? Price, NoteRequest? Inner);

[JsonSerializable(typeof(NoteRequest))]
sealed partial class NotesJson : JsonSerializerContext;

/// <summary>A minimal service on the shared hosting code, with a route of each kind.</summary>
static class NotesApp
{
    public const string AppId = "notes";

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddTicketing(AppId);
        builder.Services.AddHttpJson(NotesJson.Default).AddDeadLetters().AddSingleton<NotesHandler>();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.UseTicketing();
        var notes = app.MapGroup("/api/notes");
        notes.MapGet("/mine", (User me) => TypedResults.Ok(me.Id.Value));
        notes.MapGet("/maybe", (User? me) => TypedResults.Ok(me?.Id.Value ?? "nobody"));
        notes.MapGet("/sized", () =>
            TypedResults.Bytes(new byte[5], "application/octet-stream", entityTag: new("\"1\"")));
        notes.MapGet("/live", (CancellationToken ct) => TypedResults.ServerSentEvents(Endless(ct)));
        notes.MapGet("/guarded", () => TypedResults.Ok()).RequireAuthorization();
        notes.MapGet("/{id:ticketId}", IResult (TicketId id) =>
            id.Value == "abc" ? TypedResults.Ok(id.Value) : Problems.Of(404));
        notes.MapPost("/private", (NoteRequest note, User me) => note.Title is { Length: > 100 } || note.Price is <= 0
            ? (IResult)Problems.Invalid(new Dictionary<string, string[]> { ["title"] = ["Too long, or no price."] })
            : TypedResults.Ok(me.Id.Value));
        notes.MapPost("", (NoteRequest note) => TypedResults.Ok(note));
        notes.MapPost("/weak", Weak);
        notes.MapGet("/from", (HttpContext context) => TypedResults.Ok(
            $"{context.Request.Scheme} {context.Connection.RemoteIpAddress} {context.Request.Headers.UserAgent}"));
        notes.MapGet("/bug", string () => throw new InvalidOperationException("secret detail"));
        notes.MapGet("/away", string () => throw new TryAgainException("The store is away."));
        notes.MapGet("/limited", () => TypedResults.Ok()).LimitPerCaller(2, TimeSpan.FromMinutes(1));
        app.MapInternal().MapGet("/ping", () => TypedResults.Ok("pong"));
        app.MapEvents().MapTopic(Topics.Tickets, OnTicket);
        app.MapDeadLetters();
        return app;
    }

    static async IAsyncEnumerable<SseItem<string>> Endless([EnumeratorCancellation] CancellationToken ct)
    {
        yield return new("{}", "hello");
        await Task.Delay(Timeout.Infinite, ct);
    }

    // The attack must find these faults: no authorization, no bounds, an exception for "|", a write before the refusal.
    static async Task<IResult> Weak(NoteRequest note, ISidecar sidecar, CancellationToken ct)
    {
        if (note.Title?.Contains('|', StringComparison.Ordinal) == true)
            throw new InvalidOperationException("A bar.");
        if (note.Price > 0)
            return TypedResults.Ok();
        await sidecar.Save($"note:{Guid.NewGuid()}", "{}"u8.ToArray(), null, ct);
        return TypedResults.BadRequest("no problem body");
    }

    static Ack OnTicket(CloudEvent<ExpirationElapsed> message, NotesHandler handler) =>
        handler.Handle(message.Data.OrderId);
}
