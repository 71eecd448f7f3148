using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>One process of a service; killing its sidecar stops it, and the store remains.</summary>
sealed class Instance
{
    public Instance(SimWorld world, InMemoryStore store, Func<Call, Accident>? script = null)
    {
        Sidecar = new(store);
        if (script is not null)
            Sidecar.Script = script;
        Host = new(Sidecar, world.Random, NullLoggerFactory.Instance, world.Clock);
        Counters = new(Host, CounterJson.Default.DocumentCounter);
        Runs = world.Within(() => Host.Run(CancellationToken.None));
    }

    public InMemorySidecar Sidecar { get; }
    public AggregateHost Host { get; }
    public AggregateStore<Counter> Counters { get; }

    /// <summary>Recovery and repeats; ends only by a bug.</summary>
    public Task Runs { get; }
}
