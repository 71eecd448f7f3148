using System.Globalization;
using System.Runtime.CompilerServices;
using Npgsql;
using Ticketing.Sidecar.Components;

namespace Ticketing.Sidecar.State.Postgres;

/// <summary><c>state.postgresql</c>: version v1 keeps JSON documents, v2 bytes; the tables are daprd's.</summary>
sealed class PostgresStateStore(ComponentContext context, PostgresDialect dialect) : IStateStore
{
    static readonly TimeSpan CleanupDefault = TimeSpan.FromHours(1);

    public static readonly IReadOnlyList<ComponentType> Types =
    [
        new("state.postgresql", ["v1"], Schema("tableName"),
            context => new PostgresStateStore(context, PostgresDialect.V1(context.Properties))),
        new("state.postgresql", ["v2"], Schema("tablePrefix"),
            context => new PostgresStateStore(context, PostgresDialect.V2(context.Properties))),
    ];

    NpgsqlDataSource? _database;
    ITimer? _cleanup;

    static MetadataSchema Schema(string tableField) => StateMetadata.Schema.And(
        [.. PostgresConnection.Fields, tableField, "metadataTableName", "cleanupInterval", "cleanupIntervalInSeconds"]);

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "KEYS_LIKE", "ACTOR"];

    public async Task InitAsync(CancellationToken ct)
    {
        _database = PostgresConnection.Open(context.Properties, context.Options.AppId);
        try
        {
            await using (await _database.OpenConnectionAsync(ct))
            {
                // Only whether it opens.
            }
        }
        catch (NpgsqlException error)
        {
            throw new MetadataException("connectionString",
                $"failed to ping the database: {PostgresConnection.Told(error).Message}", error);
        }

        await PostgresMigrations.RunAsync(_database, dialect, ct);
        var every = context.Properties.Duration(
            context.Properties.Find("cleanupInterval") is null
                ? "cleanupIntervalInSeconds"
                : "cleanupInterval", CleanupDefault, TimeSpan.FromSeconds(1));
        if (every > TimeSpan.Zero)
            _cleanup = context.Time.CreateTimer(_ => _ = CleanUpAsync(every), null, every, every);
    }

    string Live => $"({dialect.Expiry} IS NULL OR {dialect.Expiry} >= CURRENT_TIMESTAMP)";

    public async ValueTask<StateItem?> GetAsync(string key, CancellationToken ct)
    {
        var rows = await ReadAsync($"SELECT key, {dialect.ReadColumns} FROM {dialect.Table} WHERE key = $1 AND {Live}",
            new NpgsqlParameter<string> { TypedValue = key }, ct);
        return rows.Count == 0 ? null : rows[0].Value;
    }

    /// <summary>
    /// Found ones in the order of the database, then the missing; a key asked for twice is told once.
    /// </summary>
    public async Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var found =
            await ReadAsync($"SELECT key, {dialect.ReadColumns} FROM {dialect.Table} WHERE key = ANY($1) AND {Live}",
                new NpgsqlParameter<string[]> { TypedValue = [.. keys] }, ct);
        var missing = keys.Except(found.Select(row => row.Key));
        return [.. found.Select(row => new BulkStateItem(row.Key, row.Value)),
            .. missing.Select(key => new BulkStateItem(key, null))];
    }

    public async IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var row in await ReadAsync($"SELECT key, {dialect.ReadColumns} FROM {dialect.Table} WHERE starts_with(key, $1) AND {Live}", new NpgsqlParameter<string> { TypedValue = prefix }, ct))
            yield return row;
    }

    async Task<List<KeyValuePair<string,
        StateItem>>> ReadAsync(string sql, NpgsqlParameter parameter, CancellationToken ct)
    {
        try
        {
            await using var command = _database!.CreateCommand(sql);
            command.Parameters.Add(parameter);
            await using var rows = await command.ExecuteReaderAsync(ct);
            var found = new List<KeyValuePair<string, StateItem>>();
            while (await rows.ReadAsync(ct)) found.Add(new(rows.GetString(0), dialect.Item(rows, 1)));
            return found;
        }
        catch (NpgsqlException error)
        {
            throw PostgresConnection.Told(error);
        }
    }

    public async ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct) => await WriteAsync([set], ct);

    public async ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) =>
        await WriteAsync([delete], ct);

    public async ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        await WriteAsync(operations, ct);

    // All statements go out at once; whether each met its row is known when all are back, and then it is kept or
    // undone.
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
        catch (NpgsqlException error)
        {
            throw PostgresConnection.Told(error);
        }
    }

    StateOutcome Add(NpgsqlBatch batch, StateOperation operation)
    {
        if (operation.Key.Length == 0)
            return StateOutcome.Failed($"missing key in {(operation is StateSet ? "set" : "delete")} operation");
        if (StateTtl.Read(operation, out var ttl) is { } wrong) return StateOutcome.Failed(wrong);
        NpgsqlParameter? etag = null;
        if (operation.HasETag && dialect.ParseETag(operation.ETag!) is var (parsed, refused) && (etag = parsed) is null)
            return refused;

        var expiry = ttl > 0
            ? string.Create(CultureInfo.InvariantCulture, $"now() + interval '{ttl} seconds'")
            : "NULL";
        var command = batch.CreateBatchCommand();
        command.CommandText = operation is StateSet put ? dialect.Put(put, expiry)
            : $"DELETE FROM {dialect.Table} WHERE key = $1{(etag is null ? "" : $" AND {dialect.ETag} = $2")}";
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = operation.Key });
        if (operation is StateSet set) dialect.AddValue(command.Parameters, set);
        if (etag is not null) command.Parameters.Add(etag);
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

    // Whichever sidecar gets to write the time of the last cleanup does it for all.
    async Task CleanUpAsync(TimeSpan every)
    {
        try
        {
            await using var turn = _database!.CreateCommand($"""
                INSERT INTO {dialect.MetadataTable} AS m (key, value) VALUES ('{dialect.CleanupKey}', now()::text)
                ON CONFLICT (key) DO UPDATE SET value = now()::text
                WHERE (EXTRACT('epoch' FROM now() - m.value::timestamp with time zone) * 1000)::bigint > $1
                """);
            turn.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)every.TotalMilliseconds - 100 });
            if (await turn.ExecuteNonQueryAsync() == 0) return;
            await using var delete = _database
                .CreateCommand($"DELETE FROM {dialect.Table} WHERE {dialect.Expiry} IS NOT NULL AND {dialect.Expiry} < now()");
            await delete.ExecuteNonQueryAsync();
        }
        catch (Exception error) when (error is NpgsqlException or ObjectDisposedException)
        {
            Log.CleanupFailed(context.Log, error, context.Options.AppId, context.Component.Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cleanup is not null) await _cleanup.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
    }
}
