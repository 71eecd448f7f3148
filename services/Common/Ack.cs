using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// A subscriber's answer in Dapr's terms. <see cref="Outcome"/> is for the flow page; the runtime ignores it. A handler
/// reports failure by an exception (5xx), so that the runtime delivers the message again.
/// </summary>
public sealed record Ack(string Status, string Outcome)
{
    /// <summary>The message changed something here.</summary>
    public static readonly Ack Applied = new("SUCCESS", "applied");
    /// <summary>A duplicate, or older than what is stored.</summary>
    public static readonly Ack Stale = new("SUCCESS", "stale");
    /// <summary>It changed nothing; its sender waits for an answer, so the current snapshot was published.</summary>
    public static readonly Ack Answered = new("SUCCESS", "answered");
    /// <summary>It can never be handled: it goes to the dead letters.</summary>
    public static readonly Ack Drop = new("DROP", "dropped");

    public static Ack Of<T>(Decision<T> decision) where T : class =>
        decision.Changed ? Applied : decision.Answers.IsDefaultOrEmpty ? Stale : Answered;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Ack))]
public sealed partial class AckJson : JsonSerializerContext;
