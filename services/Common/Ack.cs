using System.Text.Json.Serialization;

namespace Ticketing.Common;

/// <summary>
/// A subscriber's answer in Dapr's words. <see cref="Outcome"/> is for people who watch the flow of events; the runtime
/// ignores it. Failure is an exception (a 5xx), so that the runtime tries again.
/// </summary>
public sealed record Ack(string Status, string Outcome)
{
    /// <summary>It changed something here.</summary>
    public static readonly Ack Applied = new("SUCCESS", "applied");
    /// <summary>Seen already, or older than what is known.</summary>
    public static readonly Ack Stale = new("SUCCESS", "stale");
    /// <summary>It changed nothing, but its sender waits: told what is known here.</summary>
    public static readonly Ack Answered = new("SUCCESS", "answered");
    /// <summary>It can never work, whoever tries: to the dead letters.</summary>
    public static readonly Ack Drop = new("DROP", "dropped");

    public static Ack Of<T>(Decision<T> decision) where T : class =>
        decision.Changed ? Applied : decision.Answers.IsDefaultOrEmpty ? Stale : Answered;
}

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Ack))]
public sealed partial class AckJson : JsonSerializerContext;
