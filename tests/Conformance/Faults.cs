namespace Ticketing.Conformance;

/// <summary>
/// What one line about each fault must name: the file, the resource and the field; or the flag, directory or port that
/// it is about. Nothing to name: no fault, and no word.
/// </summary>
static class Faults
{
    static readonly string[] None = [];

    static readonly Dictionary<string, string[]> Named = new()
    {
        ["bad-config"] = ["config.yaml", "Configuration config", "spec.nosuch"],
        ["bad-duration"] = ["0.yaml", "Resiliency resiliency", "spec.policies.timeouts.t"],
        ["bad-field"] = ["0.yaml", "pubsub (pubsub.redis/v1)", "spec.metadata.concurrency"],
        ["bad-flag"] = ["--nosuch"],
        ["bad-yaml"] = ["0.yaml", "line 2"],
        ["comments"] = None,
        ["empty-version"] = None,
        // The network may say that there is no way to the host before the time to start is up.
        ["init-timeout"] = ["0.yaml", "store (state.redis/v1)", "spec."],
        ["missing-field"] = ["0.yaml", "store (state.redis/v1)", "spec.metadata.redisHost"],
        ["missing-field-ignored"] = ["0.yaml", "store (state.redis/v1)", "spec.metadata.redisHost"],
        ["missing-field-sqlite"] = ["0.yaml", "store (state.sqlite/v1)", "spec.metadata.connectionString"],
        ["no-name"] = ["0.yaml", "Component", "metadata.name"],
        ["no-resources-dir"] = ["/nowhere"],
        ["no-type"] = ["0.yaml", "Component store", "spec.type"],
        ["outbox-half"] = ["0.yaml", "store (state.in-memory/v1)", "spec.metadata.outboxPublishTopic"],
        ["port-taken"] = ["<port-app-grpc>"],
        ["prefix-with-bars"] = ["0.yaml", "store (state.in-memory/v1)", "spec.metadata.keyPrefix"],
        ["same-name"] = ["1.yaml", "Component store", "metadata.name"],
        ["same-name-other-type"] = ["1.yaml", "Component same", "metadata.name"],
        ["secrets-file-missing"] = ["0.yaml", "local (secretstores.local.file/v1)", "spec.metadata.secretsFile"],
        ["two-actor-stores"] = ["1.yaml", "two (state.in-memory/v1)", "spec.metadata.actorStateStore"],
        ["two-documents"] = None,
        ["typed-values"] = ["0.yaml", "store (state.in-memory/v1)", "spec.metadata.other"],
        ["unknown-field"] = ["0.yaml", "store (state.in-memory/v1)", "spec.metadata.nosuch"],
        ["unknown-kind"] = ["0.yaml", "Nothing x", "kind"],
        ["unknown-policy"] = ["0.yaml", "Resiliency resiliency", "spec.targets.components.store.outbound.retry"],
        ["unknown-pubsub"] = ["0.yaml", "Subscription s", "spec.pubsubname"],
        ["unknown-spec-field"] = ["0.yaml", "Component store", "spec.nosuch"],
        // A file of policies is for many apps, and not every app has every component.
        ["unknown-target"] = None,
        ["unknown-type"] = ["0.yaml", "store (state.nosuch/v1)", "spec.type"],
        ["unknown-type-ignored"] = ["0.yaml", "store (state.nosuch/v1)", "spec.type"],
        ["unknown-version"] = ["0.yaml", "store (state.in-memory/v9)", "spec.version"],
        ["unreachable-postgres"] = ["0.yaml", "store (state.postgresql/v2)", "spec.metadata.connectionString"],
        ["unreachable-rabbitmq"] = ["0.yaml", "pubsub (pubsub.rabbitmq/v1)", "spec.metadata.connectionString"],
        ["unreachable-redis"] = ["0.yaml", "store (state.redis/v1)", "spec.metadata.redisHost"],
        ["unreachable-redis-ignored"] = ["0.yaml", "store (state.redis/v1)", "spec.metadata.redisHost"],
        ["wrong-api-version"] = ["0.yaml", "Component store", "apiVersion"],
    };

    /// <param name="lines">All that was said at or above a warning.</param>
    public static void Compare(string @case, IReadOnlyList<string> lines, Placeholders names, Differences differences)
    {
        string[] words = [.. Named[@case.Split('.')[1]].Select(names.Fill)];
        var isSaid = words.Length == 0 ? lines.Count == 0 : lines.Any(line => !line.Contains('\n', StringComparison.Ordinal)
            && words.All(word => line.Contains(word, StringComparison.Ordinal)));
        if (!isSaid) differences.Add($"a line with {string.Join(", ", words)}", string.Join(" | ", lines));
    }
}
