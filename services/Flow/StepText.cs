using System.Globalization;
using Ticketing.Common;

namespace Ticketing.Flow;

/// <summary>The text and colour of a step. Colour is never the only sign.</summary>
public static class StepText
{
    const int ReasonMax = 60;

    /// <summary>What happened, e.g. <c>applied</c>, <c>retry 2 failed: 503</c>, <c>dead letter</c>.</summary>
    public static string Of(JudgedStep seen) => seen.Verdict switch
    {
        StepVerdict.Published =>
            seen.Step.EventId.EndsWith(":again", StringComparison.Ordinal) ? "said again" : "published",
        StepVerdict.NotPublished => $"not published{Reason(seen)}",
        StepVerdict.Applied => $"{(seen.IsDeadLetterTopic ? "second chance taken" : "applied")}{OnRetry(seen)}",
        StepVerdict.Duplicate => $"duplicate{OnRetry(seen)}",
        StepVerdict.Stale => $"stale{OnRetry(seen)}",
        StepVerdict.Answered => $"answered{OnRetry(seen)}",
        StepVerdict.Failed when seen.Attempt > 1 => $"retry {Number(seen.Attempt - 1)} failed{Reason(seen)}",
        StepVerdict.Failed => $"failed{Reason(seen)}",
        StepVerdict.Dropped => $"dropped{Reason(seen)}",
        StepVerdict.DeadLetter => $"dead letter{Reason(seen)}",
        StepVerdict.Parked => $"parked{Reason(seen)}",
        StepVerdict.NeverDelivered => "acknowledged, never delivered",
        StepVerdict.Repeated => "sent a second time",
        StepVerdict.Delayed => "held back",
        StepVerdict.Reminded => "reminder came",
        _ => seen.Step.Outcome.Length == 0 ? "called" : $"answered {Cut(seen.Step.Outcome)}",
    };

    /// <summary>The same with its duration: <c>applied · 3 ms</c>.</summary>
    public static string WithTime(JudgedStep seen) =>
        seen.Step.Milliseconds > 0 && seen.Verdict is not StepVerdict.Published
            ? $"{Of(seen)} · {Milliseconds(seen.Step.Milliseconds)}" : Of(seen);

    /// <summary>The event's type: <c>ticket.locked</c>; for a call: <c>POST orders</c>.</summary>
    public static string Event(Step step) => step.Kind switch
    {
        StepKind.Called => $"{step.Type} {step.Topic}",
        StepKind.Reminded => $"{step.Topic} {step.Type}",
        _ => step.Type.Length > 0 ? step.Type : "an event without a type",
    };

    /// <summary>The version of the aggregate in the event, e.g. <c>v3</c>; "" for events without one.</summary>
    public static string Version(Step step) =>
        step.EventId.Split(':') is [_, _, var version, ..] && version.All(char.IsAsciiDigit) ? $"v{version}" : "";

    public static Tone Tone(StepVerdict verdict) => verdict switch
    {
        StepVerdict.Published or StepVerdict.Reminded => Flow.Tone.Told,
        StepVerdict.Applied or StepVerdict.Answered => Flow.Tone.Good,
        StepVerdict.Failed or StepVerdict.Repeated or StepVerdict.Delayed => Flow.Tone.Warn,
        StepVerdict.NotPublished or StepVerdict.Dropped or StepVerdict.DeadLetter or StepVerdict.Parked
            or StepVerdict.NeverDelivered => Flow.Tone.Bad,
        _ => Flow.Tone.Quiet,
    };

    public static string Class(StepVerdict verdict) => Tone(verdict).ToString().ToLowerInvariant();

    public static string Milliseconds(double ms) => ms switch
    {
        < 0.95 => string.Create(CultureInfo.InvariantCulture, $"{ms:0.0} ms"),
        < 999.5 => string.Create(CultureInfo.InvariantCulture, $"{ms:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000:0.0} s"),
    };

    /// <summary>A duration: <c>480 ms</c>, <c>12 s</c>, <c>3 min</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 999.5 } => $"{Number((int)Math.Round(span.TotalMilliseconds))} ms",
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalSeconds: < 99.5 } => $"{Number((int)Math.Round(span.TotalSeconds))} s",
        { TotalMinutes: < 99.5 } => $"{Number((int)Math.Round(span.TotalMinutes))} min",
        _ => $"{Number((int)Math.Round(span.TotalHours))} h",
    };

    public static string Clock(DateTimeOffset at) =>
        at.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    static string OnRetry(JudgedStep seen) => seen.Attempt > 1 ? $" on retry {Number(seen.Attempt - 1)}" : "";

    static string Reason(JudgedStep seen) => seen.Step.Outcome is { Length: > 0 } reason ? $": {Cut(reason)}" : "";

    static string Cut(string text) => text.Length <= ReasonMax ? text : $"{text.AsSpan(0, ReasonMax - 1)}…";

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The colours by meaning; the names are CSS classes.</summary>
public enum Tone { Told, Good, Quiet, Warn, Bad }
