using System.IO.Enumeration;

namespace Ticketing.Conformance;

/// <summary>Recorded cases of what daprd does and the embedded sidecar is not there for: they are not replayed.</summary>
static class LeftOut
{
    /// <summary>Names of cases, or patterns of them, and the feature that they are about.</summary>
    public static IReadOnlyList<(string Cases, string Feature)> Features { get; } =
    [
        ("actors.config", "actor reentrancy"),
        ("actors.policy", "policies for actors"),
        ("actors.reentrancy-on", "actor reentrancy"),
        ("actors.state-*", "actor state"),
        ("faulty.*-ignored", "ignoreErrors"),
        ("faulty.init-timeout", "initTimeout"),
        ("faulty.outbox-half", "Dapr's transactional outbox"),
        ("faulty.prefix-with-bars", "keyPrefix"),
        ("faulty.unknown-policy", "outbound policies"),
        ("faulty.unknown-pubsub", "declared subscriptions"),
        ("faulty.unknown-target", "outbound policies"),
        ("invoke.breaker", "circuit breakers"),
        ("invoke.max-concurrency", "app-max-concurrency"),
        ("invoke.policy", "policies for apps"),
        ("invoke.traced", "tracing"),
        ("outbox.*", "Dapr's transactional outbox"),
        ("pubsub.*.bulk-publish", "bulk publish"),
        ("pubsub.*.bulk-subscribe", "bulk subscribe"),
        ("pubsub.*.declarative", "declared subscriptions"),
        ("pubsub.*.metadata", "raw payloads"),
        ("pubsub.*.policy-matching", "retries by status code"),
        ("secrets.env", "secretstores.local.env"),
        ("secrets.env-prefix", "secretstores.local.env"),
        ("secrets.env-ref", "envRef"),
        ("secrets.file-multi", "multiValued secrets"),
        ("sidecar.cors*", "CORS"),
        ("sidecar.no-hot-reload", "features of a Configuration"),
        ("sidecar.public-port", "public port"),
        ("sidecar.shutdown*", "the shutdown API"),
        ("sidecar.traced", "tracing"),
        ("startup.endpoints-disabled", "disable-init-endpoints"),
        ("state.*.prefix", "keyPrefix"),
        ("state.*.retry-policy", "outbound policies"),
        ("state.postgres1.*", "state.postgresql v1"),
    ];

    public static bool Has(string name) =>
        Features.Any(row => FileSystemName.MatchesSimpleExpression(row.Cases, name, ignoreCase: false));
}
