using Ticketing.Sidecar.PubSub.InMemory;
using Ticketing.Sidecar.PubSub.RabbitMq;
using Ticketing.Sidecar.PubSub.Redis;
using Ticketing.Sidecar.PubSub.Sqlite;
using Ticketing.Sidecar.Secrets;
using Ticketing.Sidecar.State.Postgres;
using Ticketing.Sidecar.State.Redis;
using Ticketing.Sidecar.State.Sqlite;

namespace Ticketing.Sidecar.Components;

/// <summary>Every component type in this assembly; each kind lists its own.</summary>
public static class KnownComponents
{
    public static ComponentRegistry Registry { get; } = new(
    [
        LocalFileSecretStore.Type,
        InMemoryStateStore.Type,
        SqliteStateStore.Type,
        RedisStateStore.Type,
        PostgresStateStore.Type,
        InMemoryPubSub.Type,
        SqlitePubSub.Type,
        RedisPubSub.Type,
        RabbitPubSub.Type,
    ]);
}
