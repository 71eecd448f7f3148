using System.Buffers.Text;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.State.Sqlite;

/// <summary>The state table over one connection, laid out as daprd's own SQLite store lays it out. Not for two threads
/// at once.</summary>
sealed class SqliteTable : IDisposable
{
    const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    readonly SqliteConnection _connection;
    readonly SqliteSettings _settings;
    readonly Dictionary<string, SqliteCommand> _prepared = [];
    readonly string _get, _bulkGet, _scan, _put, _putIfAbsent, _putIfMatch, _delete, _deleteIfMatch, _deleteExpired;

    public SqliteTable(SqliteSettings settings)
    {
        _settings = settings;
        var (table, live) = (settings.Table, "(expiration_time IS NULL OR expiration_time > $now)");
        _get = $"SELECT key, value, is_binary, etag, expiration_time FROM {table} WHERE key = $key AND {live}";
        _bulkGet = $"SELECT key, value, is_binary, etag, expiration_time FROM {table} WHERE {live} AND key IN ";
        _scan =
            $"SELECT key, value, is_binary, etag, expiration_time FROM {table} WHERE key >= $key AND substr(key, 1, length($key)) = $key AND {live}";
        const string columns = "(key, value, is_binary, etag, update_time, expiration_time)",
            values = "$key, $value, $binary, $new, $now, $expiry";
        _put = $"INSERT OR REPLACE INTO {table} {columns} VALUES ({values})";
        // A row that has expired but was not cleaned up yet counts as absent.
        _putIfAbsent =
            $"INSERT OR REPLACE INTO {table} {columns} SELECT {values} WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE key = $key AND {live})";
        _putIfMatch =
            $"UPDATE {table} SET value = $value, etag = $new, is_binary = $binary, update_time = $now, expiration_time = $expiry WHERE key = $key AND etag = $etag AND {live}";
        _delete = $"DELETE FROM {table} WHERE key = $key";
        _deleteIfMatch = $"{_delete} AND etag = $etag";
        _deleteExpired = $"DELETE FROM {table} WHERE expiration_time IS NOT NULL AND expiration_time < $now";
        _connection = new SqliteConnection(settings.ConnectionString);
        _connection.Open();
        Run("PRAGMA busy_timeout = 2000");
        Run("PRAGMA journal_mode = WAL");
        Run("PRAGMA synchronous = FULL");
    }

    public SqliteConnection Connection => _connection;

    /// <summary>Creates the tables if missing, and writes the migration level that daprd reads.</summary>
    public void Create()
    {
        Run("BEGIN EXCLUSIVE");
        Run($"CREATE TABLE IF NOT EXISTS {SqliteSettings.MetadataTable} (key text NOT NULL PRIMARY KEY, value text NOT NULL)");
        Run($"""
            CREATE TABLE IF NOT EXISTS {_settings.Table} (
                key TEXT NOT NULL PRIMARY KEY,
                value TEXT NOT NULL,
                is_binary BOOLEAN NOT NULL,
                etag TEXT NOT NULL,
                expiration_time TIMESTAMP DEFAULT NULL,
                update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
            )
            """);
        Run($"INSERT OR IGNORE INTO {SqliteSettings.MetadataTable} (key, value) VALUES ('migrations', '1')");
        Run("COMMIT");
    }

    public StateItem? Get(string key, DateTimeOffset now)
    {
        using var rows = Command(_get, ("$key", key), ("$now", Text(now))).ExecuteReader();
        return rows.Read() ? Item(rows) : null;
    }

    public List<KeyValuePair<string, StateItem>> Scan(string prefix, DateTimeOffset now) =>
        Rows(Command(_scan, ("$key", prefix), ("$now", Text(now))));

    /// <summary>The found items, in the order of the index.</summary>
    public List<KeyValuePair<string, StateItem>> BulkGet(IReadOnlyList<string> keys, DateTimeOffset now)
    {
        using var command = _connection.CreateCommand();
        command.CommandText =
            _bulkGet + $"({string.Join(',', keys.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"$k{i}")))})";
        command.Parameters.AddWithValue("$now", Text(now));
        for (var i = 0; i < keys.Count; i++)
            command.Parameters.AddWithValue(string.Create(CultureInfo.InvariantCulture, $"$k{i}"), keys[i]);
        return Rows(command);
    }

    /// <returns>False when the ETag or the first-write condition was not met.</returns>
    public bool Write(StateOperation operation, DateTimeOffset now, string newETag, int ttlSeconds) => operation switch
    {
        StateSet set => Put(set, now, newETag, ttlSeconds) > 0,
        { HasETag: true } =>
            Command(_deleteIfMatch, ("$key", operation.Key), ("$etag", operation.ETag!)).ExecuteNonQuery() > 0,
        _ => Command(_delete, ("$key", operation.Key)).ExecuteNonQuery() >= 0,
    };

    int Put(StateSet set, DateTimeOffset now, string newETag, int ttlSeconds)
    {
        var value = set.IsJson ? Encoding.UTF8.GetString(set.Value.Span) : Convert.ToBase64String(set.Value.Span);
        object expiry = ttlSeconds > 0 ? Text(now.AddSeconds(ttlSeconds)) : DBNull.Value;
        ReadOnlySpan<(string, object)> values =
            [("$key", set.Key), ("$value", value), ("$binary", set.IsJson ? 0 : 1), ("$new", newETag),
                ("$now", Text(now)), ("$expiry", expiry)];
        if (set.HasETag) return Command(_putIfMatch, [.. values, ("$etag", set.ETag!)]).ExecuteNonQuery();
        return Command(set.Concurrency == StateConcurrency.FirstWrite ? _putIfAbsent : _put, values).ExecuteNonQuery();
    }

    public void DeleteExpired(DateTimeOffset now) => Command(_deleteExpired, ("$now", Text(now))).ExecuteNonQuery();

    void Run(string sql) => Command(sql).ExecuteNonQuery();

    static List<KeyValuePair<string, StateItem>> Rows(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var found = new List<KeyValuePair<string, StateItem>>();
        while (rows.Read()) found.Add(new(rows.GetString(0), Item(rows)));
        return found;
    }

    static StateItem Item(SqliteDataReader row)
    {
        var value = row.GetFieldValue<byte[]>(1);
        if (row.GetInt64(2) != 0)
        {
            Base64.DecodeFromUtf8InPlace(value, out var length);
            Array.Resize(ref value, length);
        }

        DateTimeOffset? expiry = row.IsDBNull(4) ? null : Time(row.GetString(4));
        return new StateItem(value, row.GetString(3), expiry);
    }

    static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values) command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i].Value;
        return command;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _connection.Dispose();
    }
}
