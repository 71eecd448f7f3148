using System.Runtime.CompilerServices;
using StackExchange.Redis;
using Ticketing.Sidecar.Redis;

namespace Ticketing.Sidecar.State.Redis;

/// <summary><c>state.redis</c>: hashes of <c>data</c> and <c>version</c>, as in daprd, with the same
/// limitations.</summary>
/// <remarks>
/// An ETag over an absent key succeeds, last-write ignores ETags, a transaction does not roll back, and a save without
/// TTL leaves the old one. Every failure of a write that carried an ETag counts as a conflict.
/// </remarks>
sealed class RedisStateStore(ComponentContext context) : IStateStore
{
    public static readonly ComponentType Type = new("state.redis", ["v1"],
        RedisSettings.Schema.And("actorStateStore"), context => new RedisStateStore(context));

    ConnectionMultiplexer? _connection;
    IDatabase _redis = null!;

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "KEYS_LIKE", "ACTOR"];

    public async Task InitAsync(CancellationToken ct)
    {
        var options = RedisSettings.Read(context.Properties, context.Options.AppId);
        try
        {
            _connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(RedisSettings.ConnectWithin, ct);
            _redis = _connection.GetDatabase();
            await _redis.PingAsync().WaitAsync(ct);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            throw new MetadataException(RedisSettings.HostField,
                $"redis store: error connecting to redis at {RedisSettings.Host(context.Properties)}: {error.Message}",
                error);
        }
    }

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        try
        {
            return Item(await _redis.HashGetAllAsync(key));
        }
        catch (RedisServerException)
        {
            // Not a hash: a plain string, not written by Dapr, is a value without ETag.
            return await OrFail(_redis.StringGetAsync(key)) is { HasValue: true } text
                ? new StateItem((byte[])text!, null)
                : null;
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            throw new StateStoreException(error.Message, error);
        }
    }

    static StateItem? Item(HashEntry[] fields)
    {
        if (fields.Length == 0) return null;
        var (data, version) = (RedisValue.Null, RedisValue.Null);
        foreach (var field in fields)
        {
            if (field.Name == "data") data = field.Value;
            else if (field.Name == "version") version = field.Value;
        }

        if (data.IsNull || version.IsNull)
            throw new StateStoreException("required hash field 'data' or 'version' was not found");
        return new StateItem((byte[])data!, version);
    }

    public async Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct) =>
        await Task.WhenAll(keys.Select(async key =>
        {
            try
            {
                return new BulkStateItem(key, await GetAsync(key, ct));
            }
            catch (StateStoreException error)
            {
                return new BulkStateItem(key, null, error.Message);
            }
        }));

    public async IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var key in await OrFail(KeysAsync(prefix, ct)))
            if (await GetAsync(key!, ct) is { } item) yield return new(key!, item);
    }

    async Task<List<RedisKey>> KeysAsync(string prefix, CancellationToken ct)
    {
        var keys = new List<RedisKey>();
        foreach (var server in _connection!.GetServers().Where(server => !server.IsReplica))
            await foreach (var key in server.KeysAsync(_redis.Database, Glob(prefix), pageSize: 1000)
                .WithCancellation(ct))
                keys.Add(key);
        return keys;
    }

    static string Glob(string prefix)
    {
        var glob = new StringBuilder();
        foreach (var c in prefix) glob.Append(c is '*' or '?' or '[' or ']' or '\\' or '^' ? $"\\{c}" : c.ToString());
        return glob.Append('*').ToString();
    }

    public async ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct)
    {
        if (Check(set, out var version, out var ttl) is { IsDone: false } refused) return refused;
        try
        {
            await _redis.ScriptEvaluateAsync(RedisScripts.Set, [set.Key],
                [version, set.Value, set.Concurrency == StateConcurrency.FirstWrite ? 0 : 1]);
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            return set.HasETag
                ? StateOutcome.Mismatch with { Detail = error.Message }
                : StateOutcome.Failed($"failed to set key {set.Key}: {error.Message}");
        }

        if (ttl is { } seconds)
            await OrFail(seconds > 0 ? _redis.KeyExpireAsync(set.Key,
                TimeSpan.FromSeconds(seconds)) : _redis.KeyPersistAsync(set.Key));
        return StateOutcome.Done;
    }

    public async ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct)
    {
        try
        {
            await _redis.ScriptEvaluateAsync(RedisScripts.Delete, [delete.Key], [Expected(delete)]);
            return StateOutcome.Done;
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            return StateOutcome.Mismatch with { Detail = error.Message };
        }
    }

    public async ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct)
    {
        var transaction = _redis.CreateTransaction();
        var commands = new List<Task>();
        foreach (var operation in operations)
        {
            if (operation is not StateSet set)
            {
                commands.Add(transaction.ExecuteAsync(
                    "EVAL", RedisScripts.Delete, 1, (RedisKey)operation.Key, Expected(operation)));
                continue;
            }

            if (Check(set, out var version, out var ttl) is { IsDone: false } refused) return refused;
            commands.Add(transaction.ExecuteAsync(
                "EVAL", RedisScripts.Set, 1, (RedisKey)set.Key, version, (RedisValue)set.Value));
            if (ttl is { } seconds)
                commands.Add(seconds > 0 ? transaction.KeyExpireAsync(set.Key,
                    TimeSpan.FromSeconds(seconds)) : transaction.KeyPersistAsync(set.Key));
        }

        try
        {
            await transaction.ExecuteAsync();
            foreach (var command in commands) await command;
            return StateOutcome.Done;
        }
        catch (Exception error) when (RedisSettings.IsFault(error) || error is OperationCanceledException)
        {
            // The client cancels the commands of a transaction that it could not send.
            // The first error; the other commands have been executed.
            return StateOutcome.Failed(error.Message);
        }
    }

    static StateOutcome Check(StateSet set, out long version, out long? ttl)
    {
        (version, ttl) = (0, null);
        if (set.HasETag && set.Concurrency != StateConcurrency.LastWrite
            && !long.TryParse(set.ETag, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out version))
            return new StateOutcome(StateRefusal.ETagInvalid, $"not a number: \"{set.ETag}\"");

        if (!set.Metadata.TryGetValue("ttlInSeconds", out var text) || text.Length == 0) return StateOutcome.Done;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            return StateOutcome.Failed($"ttlInSeconds is not a whole number: \"{text}\"");
        ttl = seconds;
        return StateOutcome.Done;
    }

    static RedisValue Expected(StateOperation operation) => operation.HasETag ? operation.ETag : "0";

    static async Task<T> OrFail<T>(Task<T> command)
    {
        try
        {
            return await command;
        }
        catch (Exception error) when (RedisSettings.IsFault(error))
        {
            throw new StateStoreException(error.Message, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
    }
}
