using System.Runtime.CompilerServices;
using Npgsql;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary><c>state.postgresql</c> v2; the tables are daprd's.</summary>
sealed class PostgresStateStore(ComponentContext context) : IStateStore
{
    static readonly TimeSpan CleanupDefault = TimeSpan.FromHours(1);

    public static readonly ComponentType Type = new("state.postgresql", ["v2"], StateMetadata.Schema.And(
        "tablePrefix", "metadataTableName", "cleanupInterval", "maxConns").Needs("connectionString"),
        context => new PostgresStateStore(context));

    readonly PostgresTable _table = PostgresTable.Of(context.Properties);
    NpgsqlDataSource? _database;
    ITimer? _cleanup;

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "KEYS_LIKE", "ACTOR"];

    public async Task InitAsync(CancellationToken ct)
    {
        _database = PostgresConnection.Open(context.Properties, context.Options.AppId);
        try
        {
            await using (await _database.OpenConnectionAsync(ct))
            {
                // Checks only that a connection can be opened.
            }
        }
        catch (NpgsqlException error)
        {
            throw new MetadataException("connectionString",
                $"failed to ping the database: {PostgresConnection.Failure(error).Message}", error);
        }

        await PostgresPools.Of(context.Host).AddAsync(this, _database, ct);
        await PostgresMigrations.RunAsync(_database, _table, ct);
        var every = context.Properties.Duration("cleanupInterval", CleanupDefault, TimeSpan.FromSeconds(1));
        if (every > TimeSpan.Zero)
            _cleanup = context.Time.CreateTimer(_ => _ = CleanUpAsync(every), null, every, every);
    }

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        var rows = await ReadAsync("key = $1", new NpgsqlParameter<string> { TypedValue = key }, ct);
        return rows.Count == 0 ? null : rows[0].Value;
    }

    /// <summary>Found items in the order of the database, then missing ones; duplicate keys are returned
    /// once.</summary>
    public async Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var found = await ReadAsync(
            "key = ANY($1)", new NpgsqlParameter<string[]> { TypedValue = [.. keys] }, ct);
        var missing = keys.Except(found.Select(row => row.Key));
        return [.. found.Select(row => new BulkStateItem(row.Key, row.Value)),
            .. missing.Select(key => new BulkStateItem(key, null))];
    }

    public async IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var found = await ReadAsync(
            "starts_with(key, $1)", new NpgsqlParameter<string> { TypedValue = prefix }, ct);
        foreach (var row in found) yield return row;
    }

    async Task<List<KeyValuePair<string, StateItem>>> ReadAsync(
        string where, NpgsqlParameter parameter, CancellationToken ct)
    {
        try
        {
            await using var command = _database!.CreateCommand(_table.Select(where));
            command.Parameters.Add(parameter);
            await using var rows = await command.ExecuteReaderAsync(ct);
            var found = new List<KeyValuePair<string, StateItem>>();
            while (await rows.ReadAsync(ct)) found.Add(PostgresTable.Row(rows));
            return found;
        }
        catch (Exception error) when (PostgresConnection.IsFault(error))
        {
            throw PostgresConnection.Failure(error);
        }
    }

    public async ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct) => await WriteAsync([set], ct);

    public async ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) =>
        await WriteAsync([delete], ct);

    public async ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        await WriteAsync(operations, ct);

    // All statements are sent in one batch; if an ETag did not match, the transaction is rolled back.
    async Task<StateOutcome> WriteAsync(IReadOnlyList<StateOperation> operations, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch();
        foreach (var operation in operations)
            if (Add(batch, operation) is { IsDone: false } refused) return refused;
        try
        {
            await using var connection = await _database!.OpenConnectionAsync(ct);
            batch.Connection = connection;
            if (operations.Count == 1)
            {
                await batch.ExecuteNonQueryAsync(ct);
                return Judge(operations, batch);
            }

            await using var transaction = await connection.BeginTransactionAsync(ct);
            batch.Transaction = transaction;
            await batch.ExecuteNonQueryAsync(ct);
            var outcome = Judge(operations, batch);
            if (outcome.IsDone) await transaction.CommitAsync(ct);
            else await transaction.RollbackAsync(ct);
            return outcome;
        }
        catch (Exception error) when (PostgresConnection.IsFault(error))
        {
            throw PostgresConnection.Failure(error);
        }
    }

    StateOutcome Add(NpgsqlBatch batch, StateOperation operation)
    {
        if (operation.Key.Length == 0)
            return StateOutcome.Failed($"missing key in {(operation is StateSet ? "set" : "delete")} operation");
        if (StateTtl.Read(operation, out var ttl) is { } wrong) return StateOutcome.Failed(wrong);
        if (_table.Write(operation, ttl) is not { } command)
            return StateOutcome.Mismatch with { Detail = "the etag is no uuid" };
        batch.BatchCommands.Add(command);
        return StateOutcome.Done;
    }

    static StateOutcome Judge(IReadOnlyList<StateOperation> operations, NpgsqlBatch batch)
    {
        for (var i = 0; i < operations.Count; i++)
        {
            if (batch.BatchCommands[i].RecordsAffected == 1) continue;
            if (operations[i].HasETag) return StateOutcome.Mismatch;
            if (operations[i] is StateSet) return StateOutcome.Failed("no item was updated");
        }

        return StateOutcome.Done;
    }

    // The sidecar that updates the time of the last cleanup does the cleanup for all.
    async Task CleanUpAsync(TimeSpan every)
    {
        try
        {
            await using var turn = _database!.CreateCommand($"""
                INSERT INTO {_table.MetadataName} AS m (key, value) VALUES ('{_table.CleanupKey}', now()::text)
                ON CONFLICT (key) DO UPDATE SET value = now()::text
                WHERE (EXTRACT('epoch' FROM now() - m.value::timestamp with time zone) * 1000)::bigint > $1
                """);
            turn.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)every.TotalMilliseconds - 100 });
            if (await turn.ExecuteNonQueryAsync() == 0) return;
            await using var delete = _database.CreateCommand($"DELETE FROM {_table.Name} WHERE expires_at < now()");
            await delete.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (PostgresConnection.IsFault(error))
        {
            Log.CleanupFailed(context.Log, error, context.Options.AppId, context.Component.Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        PostgresPools.Of(context.Host).Remove(this);
        if (_cleanup is not null) await _cleanup.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
