using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace Ticketing.Sidecar.PubSub.Sqlite;

/// <summary>A message as stored: ids grow in the order of publishing.</summary>
sealed record StoredMessage(
    long Id, string Topic, ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata);

/// <summary>The tables of one queue file. Used by one thread at a time, which also ends the transactions.</summary>
/// <remarks>A message is one row; a row in <c>delivery</c> means that one consumer has not settled it yet.</remarks>
sealed class QueueFile : IDisposable
{
    const string Schema = """
        CREATE TABLE IF NOT EXISTS queue(
          id INTEGER PRIMARY KEY, consumer TEXT NOT NULL, topic TEXT NOT NULL, UNIQUE(consumer, topic));
        CREATE TABLE IF NOT EXISTS message(
          id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, published INTEGER NOT NULL,
          metadata TEXT NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS delivery(
          queue INTEGER NOT NULL, message INTEGER NOT NULL, PRIMARY KEY(queue, message)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS delivery_message ON delivery(message);
        """;

    readonly SqliteConnection _connection;
    readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <exception cref="SqliteException">The file cannot be used; another process has it open, for example.</exception>
    public QueueFile(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Pooling = false, DefaultTimeout = 1,
        }.ToString());
        _connection.Open();
        // Only one process may open the file, because it caches the contents in memory.
        Run("PRAGMA locking_mode=EXCLUSIVE");
        Run("PRAGMA journal_mode=WAL");
        Run(Schema);
    }

    public SqliteConnection Connection => _connection;

    public long Append(
        string topic, ReadOnlyMemory<byte> data, IReadOnlyDictionary<string, string> metadata, DateTimeOffset now) =>
        (long)Command(
            "INSERT INTO message(topic, published, metadata, data) VALUES($1, $2, $3, $4) RETURNING id",
            topic,
            now.ToUnixTimeMilliseconds(),
            JsonSerializer.Serialize(metadata, SidecarJson.Default.IReadOnlyDictionaryStringString),
            Bytes(data)).ExecuteScalar()!;

    public void AddDelivery(long queue, long message) =>
        Command("INSERT INTO delivery(queue, message) VALUES($1, $2)", queue, message).ExecuteNonQuery();

    public void Settle(long queue, long message) =>
        Command("DELETE FROM delivery WHERE queue = $1 AND message = $2", queue, message).ExecuteNonQuery();

    /// <summary>A queue is created at its consumer's first subscription, with every retained message of the
    /// topic.</summary>
    public long OpenQueue(string consumer, string topic)
    {
        const string find = "SELECT id FROM queue WHERE consumer = $1 AND topic = $2";
        const string make = "INSERT INTO queue(consumer, topic) VALUES($1, $2) RETURNING id";
        const string fill = "INSERT INTO delivery(queue, message) SELECT $1, id FROM message WHERE topic = $2";
        if (Command(find, consumer, topic).ExecuteScalar() is long known) return known;
        var id = (long)Command(make, consumer, topic).ExecuteScalar()!;
        Command(fill, id, topic).ExecuteNonQuery();
        return id;
    }

    public List<(long Id, string Consumer, string Topic)> Queues()
    {
        using var rows = Command("SELECT id, consumer, topic FROM queue").ExecuteReader();
        var queues = new List<(long, string, string)>();
        while (rows.Read()) queues.Add((rows.GetInt64(0), rows.GetString(1), rows.GetString(2)));
        return queues;
    }

    public long Waiting(long queue) =>
        (long)Command("SELECT count(*) FROM delivery WHERE queue = $1", queue).ExecuteScalar()!;

    /// <summary>The messages of a queue after the given one, oldest first.</summary>
    public List<StoredMessage> Load(long queue, long after, int limit)
    {
        using var rows = Command("""
            SELECT m.id, m.topic, m.data, m.metadata FROM delivery d JOIN message m ON m.id = d.message
            WHERE d.queue = $1 AND d.message > $2 ORDER BY d.message LIMIT $3
            """, queue, after, (long)limit).ExecuteReader();
        var messages = new List<StoredMessage>();
        while (rows.Read())
        {
            var metadata = JsonSerializer.Deserialize(
                rows.GetString(3), SidecarJson.Default.DictionaryStringString) ?? [];
            messages.Add(new(rows.GetInt64(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2), metadata));
        }

        return messages;
    }

    /// <summary>Counts messages as settled that have waited for too long.</summary>
    /// <returns>How many.</returns>
    public int Expire(long queue, DateTimeOffset publishedBefore, int limit) => Command("""
        DELETE FROM delivery WHERE queue = $1 AND message IN (
          SELECT d.message FROM delivery d JOIN message m ON m.id = d.message
          WHERE d.queue = $1 AND m.published < $2 ORDER BY d.message LIMIT $3)
        """, queue, publishedBefore.ToUnixTimeMilliseconds(), (long)limit).ExecuteNonQuery();

    /// <summary>Deletes messages that no consumer has to settle any more and that are too old, or too far behind the
    /// newest.</summary>
    /// <returns>How many were deleted: less than the limit when nothing is left to delete.</returns>
    public int Trim(DateTimeOffset publishedBefore, long newestKept, int limit) => Command("""
        DELETE FROM message WHERE id IN (
          SELECT id FROM message m
          WHERE (published < $1 OR id <= (SELECT max(id) FROM message) - $2)
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.message = m.id)
          ORDER BY id LIMIT $3)
        """, publishedBefore.ToUnixTimeMilliseconds(), newestKept, (long)limit).ExecuteNonQuery();

    // The driver needs an array; most messages are backed by one already.
    static byte[] Bytes(ReadOnlyMemory<byte> data) =>
        MemoryMarshal.TryGetArray(data, out var array) && array.Offset == 0 && array.Count == array.Array!.Length
            ? array.Array
            : data.ToArray();

    void Run(string sql) => Command(sql).ExecuteNonQuery();

    SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 0; i < values.Length; i++) command.Parameters.Add(new() { ParameterName = $"${i + 1}" });
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        _connection.Dispose();
    }
}
