using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Contracts;
using Ticketing.Testing;

namespace Ticketing.Simulation;

/// <summary>One service: a store that remains, and a process that can be killed and started again.</summary>
sealed class Node<T> where T : class, IAggregate<T>
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    static readonly JsonTypeInfo<Document<T>> DocumentJson =
        (JsonTypeInfo<Document<T>>)Json.GetTypeInfo(typeof(Document<T>));

    readonly SimWorld world;
    readonly InMemoryStore store;
    readonly List<InMemorySidecar> sidecars = [];
    readonly Action<Event> publish;
    readonly Func<Call, Accident> script;

    readonly IEffects<T>? effects;

    public Node(SimWorld world, Action<Event> publish, Func<Call, Accident> script, IEffects<T>? effects = null,
        bool isAtomic = true)
    {
        store = new(isAtomic);
        (this.world, this.publish, this.script, this.effects) = (world, publish, script, effects);
        Start();
    }

    public AggregateStore<T> Aggregates { get; private set; } = null!;
    public bool Up { get; private set; }

    InMemorySidecar sidecar = null!;
    AggregateHost host = null!;

    public void Start()
    {
        sidecar = new(store, publish) { Script = script };
        sidecars.Add(sidecar);
        host = new AggregateHost(sidecar, world.Random, NullLoggerFactory.Instance, world.Clock);
        Aggregates = new(host, DocumentJson, effects: effects);
        Up = true;
        // It stops with its process: the calls of a killed sidecar never return.
        world.Within(() => host.Run(CancellationToken.None));
    }

    /// <summary>Lets what this process and the dead ones have sent land.</summary>
    public void Thaw() => sidecars.ForEach(one => one.Thaw());

    public void Kill()
    {
        Up = false;
        sidecar.Kill();
    }

    /// <summary>The stored state, read without advancing the simulation.</summary>
    public T? Read(string id) => store.Get($"{T.Kind}:{id}") is { } stored
        ? JsonSerializer.Deserialize(stored.Value.Span, DocumentJson)?.State
        : null;

    public IEnumerable<T> ReadAll() => store.Keys
        .Where(key => key.StartsWith($"{T.Kind}:", StringComparison.Ordinal))
        .Select(key => Read(key[(T.Kind.Length + 1)..]))
        .OfType<T>();

    /// <summary>Keys of the aggregates that this process or a dead one has not finished.</summary>
    public IEnumerable<string> Waiting => [.. host.Unfinished.Keys, .. store.Slots(notOf: [host.Journal.Instance])];
}
