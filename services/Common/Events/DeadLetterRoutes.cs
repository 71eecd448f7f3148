using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
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
/// For operators, with the app API token: <see cref="OperatorRoutes"/>.
/// </remarks>
public static class DeadLetterRoutes
{
    static readonly Counter<long> letters = Telemetry.Meter.CreateCounter<long>("ticketing_dead_letters_total",
        description: "Messages that came to the dead letters, by what became of them.");

    /// <summary>For <see cref="MapDeadLetters"/>.</summary>
    public static IServiceCollection AddDeadLetters(this IServiceCollection services) => services
        .AddSingleton<SecondChance>()
        .AddAudit()
        .AddHttpJson(LetterListJson.Default)
        .AddAggregate(DeadLettersJson.Default.DocumentDeadLetters);

    public static void MapDeadLetters(this IEndpointRouteBuilder app)
    {
        var topic = Topics.DeadLetters(app.ServiceProvider.GetRequiredService<AppId>().Value);
        var events = app.MapEvents();
        events.MapTopic(topic, OnDeadLetter);
        events.MapTopic(topic, OnDeadLetter, DaprSidecar.Broadcast);
        app.MapOperators();
    }

    static async Task<Ack> OnDeadLetter(HttpRequest request, SecondChance chance, AggregateStore<DeadLetters> box,
        EventLog seen, TimeProvider clock, ILogger<DeadLetters> log, CancellationToken ct)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var letter = DeadLetter.Read(await reader.ReadToEndAsync(ct), clock.GetUtcNow());
        var about = DeadLetter.About(letter.Body);
        seen.DeadLetter(letter, about, isParked: false);
        var fault = await chance.Apply(letter.Pubsub, letter.Topic, letter.Body, ct);
        if (fault is null)
        {
            letters.Add(1, new KeyValuePair<string, object?>("outcome", "applied"));
            return Ack.Applied;
        }
        fault = LetterMask.Fault(fault, letter.Body);   // also the log and the console show it
        await box.Update(DeadLetters.Box, kept => kept.Keep(letter with { Fault = fault }), ct);
        seen.DeadLetter(letter with { Fault = fault }, about, isParked: true);
        letters.Add(1, new KeyValuePair<string, object?>("outcome", "kept"));
        log.KeptDeadLetter(letter.Id, LetterMask.Envelope(letter.Topic), fault);
        return Ack.Applied;
    }
}
