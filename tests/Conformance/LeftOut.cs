using System.IO.Enumeration;

namespace Ticketing.Conformance;

/// <summary>Recorded cases of what daprd does and the embedded sidecar is not there for: they are not replayed.</summary>
static class LeftOut
{
    /// <summary>Names of cases, or patterns of them, and the feature that they are about.</summary>
    public static IReadOnlyList<(string Cases, string Feature)> Features { get; } =
    [
        ("actors.config", "actor reentrancy"),
        ("actors.reentrancy-on", "actor reentrancy"),
        ("actors.state-*", "actor state"),
        ("faulty.outbox-half", "Dapr's transactional outbox"),
        ("faulty.unknown-pubsub", "declared subscriptions"),
        ("invoke.breaker", "circuit breakers"),
        ("outbox.*", "Dapr's transactional outbox"),
        ("pubsub.*.bulk-publish", "bulk publish"),
        ("pubsub.*.bulk-subscribe", "bulk subscribe"),
        ("pubsub.*.declarative", "declared subscriptions"),
        ("secrets.env", "secretstores.local.env"),
        ("secrets.env-prefix", "secretstores.local.env"),
        ("sidecar.cors*", "CORS"),
        ("sidecar.public-port", "public port"),
        ("state.postgres1.*", "state.postgresql v1"),
    ];

    public static bool Has(string name) =>
        Features.Any(row => FileSystemName.MatchesSimpleExpression(row.Cases, name, ignoreCase: false));
}
