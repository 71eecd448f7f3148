using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Ticketing.Sidecar.PubSub;
using Ticketing.Sidecar.PubSub.Sqlite;
using Ticketing.Sqlite;
using Ticketing.Testing;

namespace Ticketing.Sidecar.Tests.State;

/// <summary>SQLite's errors on the thread that writes: whoever waits for the write is told, and the next write is as
/// good as any.</summary>
public sealed class GroupCommitTests : IDisposable
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly string _file = Path.Combine(TestFolder.New("commits"), "data.db");
    readonly SqliteConnection _connection;
    readonly GroupCommit _commits;

    public GroupCommitTests()
    {
        _connection = new SqliteConnection($"Data Source={_file};Pooling=False;Default Timeout=1");
        _connection.Open();
        Run("PRAGMA journal_mode = WAL", "CREATE TABLE t(v BLOB)");
        _commits = new GroupCommit(_connection);
    }

    public void Dispose()
    {
        _commits.Dispose();
        _connection.Dispose();
    }

    [Theory]
    [InlineData("PRAGMA max_page_count = 3", "PRAGMA max_page_count = 100000", "full")]
    [InlineData("PRAGMA query_only = ON", "PRAGMA query_only = OFF", "readonly")]
    public async Task A_full_or_read_only_file_fails_the_batch_and_nothing_else(string breaks, string mends, string says)
    {
        await WriteAsync();
        Run(breaks);
        var error = await Assert.ThrowsAsync<SqliteException>(WriteAsync);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Run(mends);

        await WriteAsync();
    }

    [Fact]
    public async Task A_locked_file_fails_the_batch_and_nothing_else()
    {
        using (var other = new SqliteConnection($"Data Source={_file};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            Assert.Contains(
                "locked", (await Assert.ThrowsAsync<SqliteException>(WriteAsync)).Message, StringComparison.Ordinal);
        }

        await WriteAsync();
    }

    // As after a ROLLBACK that the disk refused.
    [Fact]
    public async Task A_transaction_that_was_left_open_is_ended_by_the_next_batch()
    {
        Run("BEGIN");
        await Assert.ThrowsAsync<SqliteException>(WriteAsync);

        await WriteAsync();
    }

    [Fact]
    public async Task A_write_whose_callbacks_throw_does_not_end_the_process()
    {
        var told = new TaskCompletionSource<Exception>();
        _commits.Add(new ThrowingWrite(told));
        Assert.Equal("committed", (await told.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct)).Message);

        await WriteAsync();
    }

    [Fact]
    public async Task A_queue_that_could_not_be_read_is_read_again()
    {
        var file = Path.Combine(TestFolder.New("queue"), "queue.db");
        var limits = new QueueLimits(TimeSpan.FromDays(1), 100, 100);
        BrokerMessage message = new("x", "{}"u8.ToArray(), new Dictionary<string, string>());
        using (var before = new QueueLoop(file, limits, TimeProvider.System, NullLogger.Instance))
        {
            await before.OpenAsync("app", "x", isEphemeral: false);
            await before.PublishAsync(message);
        }

        using var queues = new QueueLoop(file, limits, TimeProvider.System, NullLogger.Instance);
        var queue = await queues.OpenAsync("app", "x", isEphemeral: false);
        var written = (QueueFile)typeof(QueueLoop)
            .GetField("_file", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!
            .GetValue(queues)!;
        Run(written.Connection, "ALTER TABLE message RENAME TO gone");
        var delivery = queue.TakeAsync(Ct).AsTask();
        await Assert.ThrowsAsync<SqliteException>(() => queues.PublishAsync(message));
        Run(written.Connection, "ALTER TABLE gone RENAME TO message");

        Assert.Equal("x", (await delivery.WaitAsync(TimeSpan.FromSeconds(20), Ct)).Message.Topic);
    }

    Task WriteAsync()
    {
        var write = new BlobWrite(_connection);
        _commits.Add(write);
        return write.Done.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
    }

    void Run(params string[] statements) => Run(_connection, statements);

    static void Run(SqliteConnection connection, params string[] statements)
    {
        foreach (var sql in statements)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }

    sealed class BlobWrite(SqliteConnection connection) : GroupedWrite
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool Write()
        {
            Run(connection, "INSERT INTO t VALUES(zeroblob(20000))");
            return true;
        }

        public override void Committed() => Done.SetResult();

        public override void Failed(Exception error) => Done.TrySetException(error);
    }

    sealed class ThrowingWrite(TaskCompletionSource<Exception> told) : GroupedWrite
    {
        public override bool Write() => true;

        public override void Committed() => throw new InvalidOperationException("committed");

        public override void Failed(Exception error)
        {
            told.TrySetResult(error);
            throw new InvalidOperationException("failed");
        }
    }
}
