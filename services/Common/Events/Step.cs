using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// One observation of an event: published, delivered, failed … It holds ids only, no data of the event and no names.
/// </summary>
/// <param name="At">When it ended, by the clock of the observer.</param>
/// <param name="App">The app id of the publisher or the subscriber, whichever was observed.</param>
/// <param name="Topic">For a call: the app that was called; for a reminder: the actor's type.</param>
/// <param name="Type">The event's type; for a call: the method; for a reminder: its name.</param>
/// <param name="Subject">The event's subject (ticket or order); for a call: its path.</param>
/// <param name="Attempt">1 for the first delivery; 0 if not counted.</param>
/// <param name="Outcome">The subscriber's outcome (<c>applied</c>, <c>stale</c>, <c>answered</c>), or the
/// error.</param>
/// <param name="Milliseconds">Its duration.</param>
/// <param name="TraceId">32 hexadecimal digits, or "".</param>
public sealed record Step(
    DateTimeOffset At, StepKind Kind, string App, string PubSub, string Topic, string EventId, string Type,
    string Subject, int Attempt, string Outcome, double Milliseconds, string TraceId)
{
    const int TraceIdLength = 32, TraceParentLength = 55;

    /// <summary>1, 2, 3 … over all steps this observer has recorded.</summary>
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

    /// <summary>The handler answered; the outcome says what it did.</summary>
    Handled,
    Failed,
    Dropped,
    DeadLettered,

    /// <summary>It failed again after the dead letters and is stored for an operator.</summary>
    Parked,

    /// <summary>Chaos mode: delivered once more although it was handled.</summary>
    Repeated,

    /// <summary>Chaos mode: delivered late.</summary>
    Delayed,

    /// <summary>Chaos mode: acknowledged to the broker without a delivery.</summary>
    NeverDelivered,

    /// <summary>One app called another.</summary>
    Called,

    /// <summary>A reminder or a timer of an actor fired.</summary>
    Reminded,
}

/// <summary>A service's answer to a query of its event log.</summary>
/// <param name="Kept">How many steps it has, matching or not.</param>
/// <param name="Instance">The replica that answered.</param>
public sealed record StepList(IReadOnlyList<Step> Steps, int Kept, string Instance)
{
    /// <summary>Per answer: about 300 KB.</summary>
    public const int StepsMax = 1_000;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(StepList))]
public sealed partial class FlowJson : JsonSerializerContext;
