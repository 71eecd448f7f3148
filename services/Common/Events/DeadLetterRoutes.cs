using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// The second chance. What the runtime gave up on comes here, under the same retries: it is put to its handler again.
/// While the store is away it goes round and round (this subscription is its own dead-letter topic); what fails on its
/// own account is kept, counted, shown, and can be applied once more by hand.
/// </summary>
/// <remarks>
/// For operators, with the app API token: <c>GET /internal/dead-letters</c>,
/// <c>POST /internal/dead-letters/{id}/apply</c>.
/// </remarks>
public static class DeadLetterRoutes
{
    static readonly Counter<long> letters = Telemetry.Meter.CreateCounter<long>("ticketing_dead_letters_total",
        description: "Messages that came to the dead letters, by what became of them.");
    static readonly Refusal NoLetter = new(404, "no-such-letter",
        "There is no such dead letter; it may have been applied.");

    /// <summary>For <see cref="MapDeadLetters"/>.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<SecondChance>()
        .AddHttpJson(DeadLettersJson.Default)
        .AddAggregate(DeadLettersJson.Default.DocumentDeadLetters);

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var topic = Topics.DeadLetters(app.ServiceProvider.GetRequiredService<AppId>().Value);
        var events = app.MapEvents();
        events.MapTopic(topic, OnDeadLetter);
        events.MapTopic(topic, OnDeadLetter, DaprSidecar.Broadcast);
        var operators = app.MapInternal().MapGroup("/dead-letters").AddEndpointFilter(OperatorsOnly);
        operators.MapGet("", async (AggregateStore<DeadLetters> box, CancellationToken ct) =>
            TypedResults.Ok(await box.Find(DeadLetters.Box, ct) ?? DeadLetters.Absent(DeadLetters.Box)));
        operators.MapPost("/{id}/apply", ApplyByHand);
    }

    static async ValueTask<object?> OperatorsOnly(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<OperatorSignIn>().Mistake(context.HttpContext) is { } mistake
            ? mistake.ToProblem()
            : await next(context);

    static async Task<Ack> OnDeadLetter(HttpRequest request, SecondChance chance, AggregateStore<DeadLetters> box,
        EventLog seen, TimeProvider clock, ILogger<DeadLetters> log, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var (letter, about) = Read(await reader.ReadToEndAsync(ct), clock.GetUtcNow());
        seen.DeadLetter(letter, about, isParked: false);
        var fault = await chance.Apply(letter.Pubsub, letter.Topic, letter.Body, ct);
        if (fault is null)
        {
            letters.Add(1, new KeyValuePair<string, object?>("outcome", "applied"));
            return Ack.Applied;
        }
        await box.Update(DeadLetters.Box, kept => kept.Keep(letter with { Fault = fault }), ct);
        seen.DeadLetter(letter with { Fault = fault }, about, isParked: true);
        letters.Add(1, new KeyValuePair<string, object?>("outcome", "kept"));
        log.KeptDeadLetter(letter.Id, letter.Topic, fault);
        return Ack.Applied;
    }

    static async Task<Results<NoContent, ProblemHttpResult>> ApplyByHand(string id, SecondChance chance,
        AggregateStore<DeadLetters> box, CancellationToken ct)
    {
        if ((await box.Find(DeadLetters.Box, ct))?.Letters.FirstOrDefault(kept => kept.Id == id) is not { } letter)
            return NoLetter.ToProblem();
        if (await chance.Apply(letter.Pubsub, letter.Topic, letter.Body, ct) is { } fault)
        {
            await box.Update(DeadLetters.Box, kept => kept.Keep(letter with { Fault = fault }), ct);
            return new Refusal(409, "still-refused", "Its handler refuses it still.").With("fault", fault).ToProblem();
        }
        await box.Update(DeadLetters.Box, kept => kept.Remove(id), ct);
        return TypedResults.NoContent();
    }

    // Whatever it is, it is kept; what has no id of its own is known by its bytes.
    static (DeadLetter Letter, (string Type, string Subject) About) Read(string body, DateTimeOffset now)
    {
        JsonElement json = default;
        try
        {
            json = JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            // Not even JSON: no handler will be found for it, and a person can look at it.
        }
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(body)).AsSpan(0, 10);
        var letter = new DeadLetter(Text(json, "id") ?? Convert.ToHexStringLower(digest),
            Text(json, "pubsubname") ?? DaprSidecar.PubSub, Text(json, "topic") ?? "", body, "", now, 0);
        return (letter, (Text(json, "type") ?? "", Text(json, "subject") ?? ""));
    }

    static string? Text(JsonElement json, string member)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, in a name or in a value, is valid JSON and no text: as if the member were not there.
            return null;
        }
    }
}
