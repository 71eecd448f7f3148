using System.Text.Json;
using System.Text.Json.Serialization;
using Ticketing.Contracts;

namespace Ticketing.Common.Tests;

/// <summary>A minimal aggregate: a counter that can be made to wait for an answer.</summary>
public sealed record Counter(string Id, int Count, long Version, bool Waits) : IAggregate<Counter>
{
    public const int Full = 1_000_000;

    public static readonly Refusal IsFull = new(409, "full", "It is full.");

    public static string Kind => "counter";
    public static Counter Absent(string id) => new(id, 0, 0, false);

    public bool IsSettled(DateTimeOffset now) => !Waits;
    public IEnumerable<Event> Repeat() => [Message("again")];

    public Decision<Counter> Add(int n) => Count + n > Full ? IsFull : Changed(this with { Count = Count + n });
    public Decision<Counter> Ask() => Changed(this with { Waits = true });
    public Decision<Counter> Answered() => Waits ? Changed(this with { Waits = false }) : this;
    /// <summary>A change that nobody hears of.</summary>
    public Decision<Counter> Note() => new() { State = this with { Count = Count + 1 }, Changed = true };
    public Decision<Counter> Tell() => ((Decision<Counter>)this).Answering(Message("told"));

    static Decision<Counter> Changed(Counter next)
    {
        var changed = next with { Version = next.Version + 1 };
        return Decision.Changed(changed, changed.Message("changed"));
    }

    Event Message(string type) => new($"{type}:{Id}:{Version}", "counters", type, Id,
        JsonSerializer.SerializeToElement(this, CounterJson.Default.Counter));
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Document<Counter>))]
[JsonSerializable(typeof(Counter))]
sealed partial class CounterJson : JsonSerializerContext;
