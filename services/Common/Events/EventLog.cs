using System.Diagnostics;
using Ticketing.Contracts;

namespace Ticketing.Common;

/// <summary>
/// The events this instance has published and received, for operators: the newest 10,000, in memory. Adding one only
/// takes a short lock, so handlers do not wait for it.
/// </summary>
public sealed class EventLog(AppId app, TimeProvider clock)
{
    readonly StepRing ring = new();

    public long Start() => clock.GetTimestamp();

    public void Published(Event message, string pubsub, long start, bool isTaken) => Add(
        isTaken ? StepKind.Published : StepKind.NotPublished, pubsub, message.Topic,
        (message.Id, message.Type, message.Subject), isTaken ? "" : "the sidecar did not take it", start);

    /// <param name="ack">Null: the handler failed, for <paramref name="reason"/>.</param>
    public void Handled(IEnvelope message, string pubsub, string topic, Ack? ack, string reason, long start) => Add(
        ack is null ? StepKind.Failed : ack.Status == Ack.Drop.Status ? StepKind.Dropped : StepKind.Handled,
        pubsub, topic, (message.Id, message.Type, message.Subject ?? ""), ack?.Outcome ?? reason, start);

    /// <summary>A message came to the dead letters, or was stored for an operator.</summary>
    internal void DeadLetter(DeadLetter letter, (string Type, string Subject) about, bool isParked) => Add(
        isParked ? StepKind.Parked : StepKind.DeadLettered,
        LetterMask.Envelope(letter.Pubsub), LetterMask.Envelope(letter.Topic),
        (letter.Id, about.Type, about.Subject), letter.Fault, null);

    void Add(StepKind kind, string pubsub, string topic, (string Id, string Type, string Subject) message,
        string outcome, long? start)
    {
        var took = start is { } from ? clock.GetElapsedTime(from).TotalMilliseconds : 0;
        ring.Add(new(clock.GetUtcNow(), kind, app.Value, pubsub, topic, message.Id, message.Type, message.Subject,
            0, outcome, took, Activity.Current?.TraceId.ToHexString() ?? ""));
    }

    /// <summary>
    /// The newest matching steps. A filter by order matches all steps of its ticket: only the caller, who has the steps
    /// of all services, can tell when the order began and ended.
    /// </summary>
    public StepList Find(StepFilter filter)
    {
        var all = ring.All();
        var found = (filter with { Subject = Subjects.TicketOf(filter.Subject) }).Apply(JudgedStep.All(all));
        return new([.. found.TakeLast(StepList.StepsMax).Select(seen => seen.WithVerdict())], all.Count,
            Environment.MachineName);
    }
}
