using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary><c>state.sqlite</c>: a file that survives a killed process, and that daprd can read.</summary>
sealed class SqliteStateStore(ComponentContext context) : IStateStore
{
    public static readonly ComponentType Type = new("state.sqlite", ["v1"], SqliteSettings.Schema,
        context => new SqliteStateStore(context));

    SqliteFile _file = null!;

    public IReadOnlyList<string> Capabilities { get; } = ["ETAG", "TRANSACTIONAL", "TTL", "KEYS_LIKE", "ACTOR"];

    public Task InitAsync(CancellationToken ct)
    {
        var settings = SqliteSettings.Read(context);
        _file = context.Host.Shared(
            $"state.sqlite/{settings.ConnectionString}/{settings.Table}", () =>
                new SqliteFile(settings, context.Time, context.Host.NewId));
        return Task.CompletedTask;
    }

    public ValueTask<StateItem?> GetAsync(string key, CancellationToken ct) =>
        new(Read((table, now) => table.Get(key, now)));

    /// <summary>Found items in the order of the database, then missing ones; duplicate keys are returned
    /// once.</summary>
    public Task<IReadOnlyList<BulkStateItem>> BulkGetAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        var found = Read((table, now) => table.BulkGet(keys, now));
        var missing = keys.Except(found.Select(row => row.Key));
        return Task.FromResult<IReadOnlyList<BulkStateItem>>(
            [.. found.Select(row => new BulkStateItem(row.Key, row.Value)),
                .. missing.Select(key => new BulkStateItem(key, null))]);
    }

    public async IAsyncEnumerable<KeyValuePair<string, StateItem>> ScanAsync(
        string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        foreach (var row in Read((table, now) => table.Scan(prefix, now))) yield return row;
    }

    public ValueTask<StateOutcome> SetAsync(StateSet set, CancellationToken ct) => WriteAsync([set]);

    public ValueTask<StateOutcome> DeleteAsync(StateDelete delete, CancellationToken ct) => WriteAsync([delete]);

    public ValueTask<StateOutcome> TransactAsync(
        IReadOnlyList<StateOperation> operations, IReadOnlyDictionary<string, string> metadata, CancellationToken ct) =>
        WriteAsync(operations);

    ValueTask<StateOutcome> WriteAsync(IReadOnlyList<StateOperation> operations)
    {
        var writes = new PlannedWrite[operations.Count];
        for (var i = 0; i < writes.Length; i++)
        {
            if (operations[i].Key.Length == 0) return new(StateOutcome.Failed("missing key in set option"));
            if (StateTtl.Read(operations[i], out var seconds) is { } wrong) return new(StateOutcome.Failed(wrong));
            writes[i] = new PlannedWrite(operations[i], seconds);
        }

        return new(_file.WriteAsync(writes));
    }

    T Read<T>(Func<SqliteTable, DateTimeOffset, T> read)
    {
        try
        {
            return _file.Read(read);
        }
        catch (SqliteException error)
        {
            throw new StateStoreException(error.Message, error);
        }
    }

    // The host owns the file: other sidecars of the process may use it.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
