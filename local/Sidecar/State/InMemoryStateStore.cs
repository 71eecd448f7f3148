using System.Runtime.CompilerServices;

namespace Ticketing.Sidecar.State;

/// <summary><c>state.in-memory</c>: a dictionary under a lock, gone with the process.</summary>
/// <remarks>
/// Sidecars of one host that name the same component share it, as replicas of an app share a real store.
/// </remarks>
sealed class InMemoryStateStore(ComponentContext context) : IStateStore
{
    public static readonly ComponentType Type = new("state.in-memory", ["v1"], StateMetadata.Schema,
        context => new InMemoryStateStore(context));

    readonly SharedItems _shared = context.Host.Shared(
        $"state.in-memory/{context.Component.Name}", () => new SharedItems());

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "DELETE_WITH_PREFIX",
        "KEYS_LIKE", "ACTOR"];

    public Task InitAsync(CancellationToken ct) => Task.CompletedTask;

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        lock (_shared.Gate) return new(Live(key));
    }

    public Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        lock (_shared.Gate) return Task.FromResult<IReadOnlyList<BulkStateItem>>(
            [.. keys.Select(key => new BulkStateItem(key, Live(key)))]);
    }

    public ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct) => new(Write([set]));

    public ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) => new(Write([delete]));

    public ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        new(Write(operations));

    public async IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        List<KeyValuePair<string, StateItem>> found;
        lock (_shared.Gate)
        {
            found = [.. _shared.Items.Where(
                item => item.Key.StartsWith(prefix, StringComparison.Ordinal) && IsLive(item.Value))];
        }

        foreach (var item in found) yield return item;
        await Task.CompletedTask;
    }

    // All checks first, then all writes: an operation does not see what an earlier one of its transaction writes.
    StateOutcome Write(params IReadOnlyList<StateOperation> operations)
    {
        foreach (var operation in operations)
            if (operation is StateSet set && !TryTtl(set, out _, out var wrong)) return StateOutcome.Failed(wrong);

        lock (_shared.Gate)
        {
            foreach (var operation in operations)
                if (Check(operation) is { IsDone: false } refused) return refused;
            foreach (var operation in operations) Apply(operation);
        }

        return StateOutcome.Done;
    }

    StateOutcome Check(StateOperation operation)
    {
        if (!operation.HasETag)
        {
            return operation.Concurrency == StateConcurrency.FirstWrite && Live(operation.Key) is not null
                ? StateOutcome.Mismatch with { Detail = "item already exists and no etag was passed" }
                : StateOutcome.Done;
        }

        if (Live(operation.Key) is not { } current)
            return StateOutcome.Mismatch with { Detail = $"state not exist or expired for key={operation.Key}" };
        return current.ETag == operation.ETag ? StateOutcome.Done : StateOutcome.Mismatch with
        {
            Detail = $"state etag not match for key={operation.Key}: current={current.ETag}, expect={operation.ETag}",
        };
    }

    void Apply(StateOperation operation)
    {
        if (operation is StateSet set)
        {
            TryTtl(set, out var seconds, out _);
            DateTimeOffset? expiry = seconds > 0 ? context.Time.GetUtcNow().AddSeconds(seconds) : null;
            _shared.Items[set.Key] = new StateItem(set.Value, context.Host.NewId().ToString(), expiry);
        }
        else
        {
            _shared.Items.Remove(operation.Key);
        }
    }

    StateItem? Live(string key)
    {
        if (!_shared.Items.TryGetValue(key, out var item)) return null;
        if (IsLive(item)) return item;
        _shared.Items.Remove(key);
        return null;
    }

    bool IsLive(StateItem item) => item.ExpiresAt is not { } expiry || expiry > context.Time.GetUtcNow();

    static bool TryTtl(StateSet set, out int seconds, out string wrong)
    {
        (seconds, wrong) = (0, "");
        if (!set.Metadata.TryGetValue("ttlInSeconds", out var text) || text.Length == 0) return true;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds)) return true;
        wrong = $"ttlInSeconds is not a whole number: \"{text}\"";
        return false;
    }

    // The host keeps the items for the next sidecar of this name.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    sealed class SharedItems
    {
        public Lock Gate { get; } = new();
        public Dictionary<string, StateItem> Items { get; } = new(StringComparer.Ordinal);
    }
}
