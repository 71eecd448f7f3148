using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// One thing that was seen of one event on its way. Ids only: nothing of what the event says, nobody's name.
/// </summary>
/// <param name="At">When it was over, on the clock of who saw it.</param>
/// <param name="App">The app id of the publisher, or of the subscriber, whichever the step is about.</param>
/// <param name="Topic">Of a call the app that was called; of a reminder the actor's type.</param>
/// <param name="Type">The event's; of a call the method, of a reminder its name.</param>
/// <param name="Subject">The event's: a ticket or an order; of a call its path.</param>
/// <param name="Attempt">1 for the first; 0 where nobody counted.</param>
/// <param name="Outcome">What the subscriber says it did (<c>applied</c>, <c>stale</c>, <c>answered</c>), or what went
/// wrong.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="TraceId">32 hexadecimal digits, or nothing.</param>
public sealed record Step(
    DateTimeOffset At, StepKind Kind, string App, string PubSub, string Topic, string EventId, string Type,
    string Subject, int Attempt, string Outcome, double Milliseconds, string TraceId)
{
    const int TraceIdLength = 32, TraceParentLength = 55;

    /// <summary>The how manieth step this is of those its watcher saw.</summary>
    public long Number { get; init; }

    /// <summary>The trace id of a W3C <c>traceparent</c>; "" where there is none.</summary>
    public static string TraceIdOf(string? traceParent)
    {
        var id = traceParent is { Length: TraceParentLength } ? traceParent.Substring(3, TraceIdLength) : "";
        return id.AsSpan().ContainsAnyExcept('0') ? id : "";
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<StepKind>))]
public enum StepKind
{
    Published,
    NotPublished,

    /// <summary>The subscriber took it; the outcome says what it did.</summary>
    Handled,
    Failed,
    Dropped,
    DeadLettered,

    /// <summary>It failed its second chance too and waits for an operator.</summary>
    Parked,

    /// <summary>Delivered once more although it was handled: an accident, made on purpose.</summary>
    Repeated,

    /// <summary>Held back for a while: likewise.</summary>
    Delayed,

    /// <summary>Counted as delivered, though no subscriber saw it: likewise.</summary>
    NeverDelivered,

    /// <summary>One app called another.</summary>
    Called,

    /// <summary>A reminder or a timer came to its actor.</summary>
    Reminded,
}

/// <summary>What a service answers when it is asked what it saw.</summary>
/// <param name="Kept">How many it remembers, matching or not.</param>
/// <param name="Instance">Which of its replicas this is.</param>
public sealed record StepList(IReadOnlyList<Step> Steps, int Kept, string Instance)
{
    /// <summary>Of one answer: some 300 KB.</summary>
    public const int StepsMax = 1_000;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StepList))]
public sealed partial class FlowJson : JsonSerializerContext;
