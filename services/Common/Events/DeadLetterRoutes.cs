using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// Receives the messages that the runtime gave up on and calls their handler once more. While the store is away they
/// come again and again (this subscription is its own dead-letter topic). What the handler refuses is stored, counted
/// and shown to operators, who can apply it.
/// </summary>
/// <remarks>
/// For operators, with the app API token: <see cref="OperatorRoutes"/>.
/// </remarks>
public static class DeadLetterRoutes
{
    static readonly Counter<long> letters = Telemetry.Meter.CreateCounter<long>("ticketing_dead_letters_total",
        description: "Messages that came to the dead letters, by what became of them.");

    /// <summary>For <see cref="MapDeadLetters"/>.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<DeadLetterReplay>()
        .AddHostedService<LetterRetry>()
        .AddAudit()
        .AddHttpJson(LetterListJson.Default)
        .AddAggregate(DeadLettersJson.Default.DocumentDeadLetters);

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var topic = Topics.DeadLetters(app.ServiceProvider.GetRequiredService<AppId>().Value);
        app.MapEvents().MapTopic(topic, OnDeadLetter);
        app.MapOperators();
    }

    static async Task<Ack> OnDeadLetter(HttpRequest request, DeadLetterReplay replay, AggregateStore<DeadLetters> store,
        EventLog seen, TimeProvider clock, ILogger<DeadLetters> log, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var letter = DeadLetter.Read(await reader.ReadToEndAsync(ct), clock.GetUtcNow());
        var about = DeadLetter.About(letter.Body);
        seen.DeadLetter(letter, about, isParked: false);
        var fault = await replay.Apply(letter.Pubsub, letter.Topic, letter.Body, ct);
        if (fault is null)
        {
            letters.Add(1, new KeyValuePair<string, object?>("outcome", "applied"));
            return Ack.Applied;
        }
        fault = LetterMask.Fault(fault, letter.Body);   // the fault is logged and shown on the console too
        await store.Update(DeadLetters.DocumentId, kept => kept.Keep(letter with { Fault = fault }), ct);
        seen.DeadLetter(letter with { Fault = fault }, about, isParked: true);
        letters.Add(1, new KeyValuePair<string, object?>("outcome", "kept"));
        log.KeptDeadLetter(letter.Id, LetterMask.Envelope(letter.Topic), fault);
        return Ack.Applied;
    }
}
