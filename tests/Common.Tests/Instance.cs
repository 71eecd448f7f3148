using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Testing;

namespace Ticketing.Common.Tests;

/// <summary>One process of a service: it dies with its sidecar, the store stays.</summary>
sealed class Instance
{
    public Instance(SimWorld world, InMemoryStore store, Func<Call, Accident>? script = null)
    {
        Sidecar = new(store);
        if (script is not null)
            Sidecar.Script = script;
        Journal = new(Sidecar, world.Random, NullLogger<Journal>.Instance, world.Clock);
        Watch = new(Journal, Sidecar, world.Random, NullLogger<Watch>.Instance, world.Clock);
        Counters = new(Sidecar, Journal, Watch, CounterJson.Default.DocumentCounter, world.Random,
            NullLogger<AggregateStore<Counter>>.Instance, world.Clock);
        world.Within(() => Watch.Run(CancellationToken.None));
    }

    public InMemorySidecar Sidecar { get; }
    public Journal Journal { get; }
    public Watch Watch { get; }
    public AggregateStore<Counter> Counters { get; }
}
